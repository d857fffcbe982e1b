package readiness

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
)

const (
	latitude = "35.681236N 139.767125E" // of a station
	serial   = "CAMERA-SERIAL-0815"
)

// picture is a room as a gradient.
func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			m.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 90, 255})
		}
	}
	return m
}

func encoded(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(w, h), &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// located is a photograph with the place, the camera and a comment in it, and
// something after its end, as telephones write them (EXIF 2.32, JPEG annex B).
func located(t testing.TB) []byte {
	raw := encoded(t, 640, 480)
	segment := func(marker byte, body string) []byte {
		out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
		return append(out, body...)
	}
	out := append([]byte{}, raw[:2]...)
	out = append(out, segment(0xe1, "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00"+latitude)...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+latitude+"</x:xmpmeta>")...)
	out = append(out, segment(0xfe, serial)...)
	out = append(out, raw[2:]...)
	return append(out, "trailer "+serial...)
}

// TestNothingButPixelsIsKept of a photograph that says where it was taken.
func TestNothingButPixelsIsKept(t *testing.T) {
	raw := located(t)
	if !strings.Contains(string(raw), latitude) {
		t.Fatal("the control: the photograph does not say where")
	}
	clean, err := rendered(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{latitude, serial, "Exif", "xap", "trailer", "JFIF"} {
		if strings.Contains(string(clean), word) {
			t.Errorf("%s is still in it", word)
		}
	}
	if m, err := jpeg.Decode(bytes.NewReader(clean)); err != nil || m.Bounds().Dx() != 640 || m.Bounds().Dy() != 480 {
		t.Errorf("the picture: %v", err)
	}
}

func TestWhatIsNoPhotograph(t *testing.T) {
	var other bytes.Buffer
	if err := png.Encode(&other, picture(200, 200)); err != nil {
		t.Fatal(err)
	}
	bomb := encoded(t, 200, 200)
	i := bytes.Index(bomb, []byte{0xff, 0xc0}) // the frame header: height and width follow
	binary.BigEndian.PutUint16(bomb[i+5:], 65_000)
	binary.BigEndian.PutUint16(bomb[i+7:], 65_000)
	for name, test := range map[string]struct {
		raw  []byte
		code string
	}{
		"a text":                  {[]byte("<script>alert(1)</script>"), "readiness.photo"},
		"another kind of picture": {other.Bytes(), "readiness.photo"},
		"a program":               {append([]byte("MZ"), make([]byte, 500)...), "readiness.photo"},
		"cut off":                 {encoded(t, 640, 480)[:700], "readiness.photo"},
		"a page behind a marker":  {append([]byte{0xff, 0xd8, 0xff}, "<html>"...), "readiness.photo"},
		"too many bytes":          {append(encoded(t, 640, 480), make([]byte, MaxPhoto)...), "readiness.photo_large"},
		"too many pixels":         {encoded(t, 1281, 200), "readiness.photo_large"},
		"says it is immense":      {bomb, "readiness.photo_large"},
		"nothing to be seen":      {encoded(t, 100, 100), "readiness.photo"},
	} {
		if out, err := rendered(test.raw); sekisho.CodeOf(err) != test.code || out != nil {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
}

func FuzzRendered(f *testing.F) {
	f.Add(located(f))
	f.Add(encoded(f, 130, 130))
	f.Add([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 4})
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := rendered(raw)
		if err != nil {
			return
		}
		if len(out) > maxRendered || bytes.Contains(out, []byte("Exif\x00")) {
			t.Fatalf("%d bytes", len(out))
		}
		if _, err := jpeg.Decode(bytes.NewReader(out)); err != nil {
			t.Fatal(err)
		}
	})
}
