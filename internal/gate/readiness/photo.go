package readiness

import (
	"bytes"
	"image/jpeg"
)

// Bounds of a photograph of a room. It must show a desk and a door, and should
// be too coarse to read a sheet of paper by.
const (
	MaxPhoto    = 40 << 10 // bytes as it comes: a request of the page holds 64 KiB in all
	maxSide     = 1280     // pixels
	minSide     = 120
	maxRendered = 128 << 10 // bytes as it is stored, before it is sealed
)

// qualities are tried in this order until the new picture is small enough.
var qualities = []int{75, 60, 45, 30}

// rendered decodes a JPEG and writes it anew. What is not pixels (EXIF with place
// and time, comments, colour profiles, anything after the end) is not in the
// answer: the encoder of the standard library writes no such segment.
func rendered(raw []byte) ([]byte, error) {
	if len(raw) > MaxPhoto {
		return nil, errLarge
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, errImage.Because(err)
	}
	if size.Width > maxSide || size.Height > maxSide { // before anything is unpacked
		return nil, errLarge
	}
	if size.Width < minSide || size.Height < minSide {
		return nil, errImage
	}
	picture, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, errImage.Because(err)
	}
	for _, quality := range qualities {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if out.Len() <= maxRendered {
			return out.Bytes(), nil
		}
	}
	return nil, errLarge
}
