package inspect

import "testing"

func TestJudgeCamera(t *testing.T) {
	usb := []Device{{Name: "Integrated Camera: Integrated C", Driver: "uvcvideo"}, {Name: "OBS Virtual Camera", Driver: "v4l2loopback"}, {Name: "Innocent", Driver: "v4l2loopback"}}
	for name, c := range map[string]struct {
		label, enrolled string
		system          []Device
		known           bool
		want            Camera
	}{
		"the enrolled one":                {"Integrated Camera: Integrated C (04f2:b6d9)", "Integrated Camera: Integrated C (04f2:b6d9)", usb, true, Camera{Enrolled: Yes, Virtual: No, Present: Yes}},
		"another of the same kind":        {"Integrated Camera: Integrated C (04f2:b6d9)", "Webcam C270 (046d:0825)", usb, true, Camera{Enrolled: No, Virtual: No, Present: Yes}},
		"virtual by name":                 {"OBS Virtual Camera", "OBS Virtual Camera", usb, true, Camera{Enrolled: Yes, Virtual: Yes, Present: Yes}},
		"virtual by driver":               {"Innocent", "Innocent", usb, true, Camera{Enrolled: Yes, Virtual: Yes, Present: Yes}},
		"a name the system has not":       {"Webcam C270 (046d:0825)", "", usb, true, Camera{Virtual: Unknown, Present: No}},
		"a camera without a name":         {"Webcam C270 (046d:0825)", "", []Device{{Driver: "uvcvideo"}}, true, Camera{Present: No}},
		"no list":                         {"Webcam C270 (046d:0825)", "Webcam C270 (046d:0825)", nil, false, Camera{Enrolled: Yes}},
		"no list, virtual by name":        {"fake_device_0", "", nil, false, Camera{Virtual: Yes}},
		"nothing enrolled, nothing known": {"", "", nil, false, Camera{}},
		"no label although enrolled":      {"", "Webcam", usb, true, Camera{}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Label = c.label
			if got := JudgeCamera(c.label, c.enrolled, c.system, c.known); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestZeroFactIsUnknown(t *testing.T) {
	var f Fact
	if f == Yes || f.String() != "unknown" || Fact(99).String() != "yes" && Fact(99) == Yes {
		t.Errorf("%v", f)
	}
}
