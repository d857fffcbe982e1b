package inspect

import (
	"reflect"
	"testing"
	"testing/fstest"
)

func TestCamerasOfSysfs(t *testing.T) {
	sys := fstest.MapFS{
		"class/video4linux/video0/name":          {Data: []byte("Integrated Camera: Integrated C\n")},
		"class/video4linux/video0/device/uevent": {Data: []byte("DEVTYPE=usb_interface\nDRIVER=uvcvideo\n")},
		"class/video4linux/video1/name":          {Data: []byte("Dummy video device (0x0000)\n")},
		"class/video4linux/video2/index":         {Data: []byte("0\n")},
	}
	got, known := camerasIn(sys)
	want := []Device{{"Integrated Camera: Integrated C", "uvcvideo"}, {"Dummy video device (0x0000)", "v4l2loopback"}}
	if !known || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, known)
	}
	if got, known := camerasIn(fstest.MapFS{}); !known || got != nil {
		t.Errorf("a system without camera drivers: %v, %v", got, known)
	}
}
