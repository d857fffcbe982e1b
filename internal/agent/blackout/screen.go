package blackout

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"time"
)

// GrabWithin bounds a picture of the screen: the page is black at latest this
// long after the verdict.
const GrabWithin = 80 * time.Millisecond

// Screen takes pictures of the whole screen. Make one with OpenScreen and keep
// it: the connection is made beforehand, so that a picture costs one round trip.
type Screen interface {
	Grab(ctx context.Context) (Picture, error)
	Close() error
}

// Picture is one raw picture of the screen: blue, green, red and a byte of
// nothing for each pixel, in rows without padding.
type Picture struct {
	Width, Height int
	BGRX          []byte
}

// ErrNoScreen says that no program may see the screen here, or that there is none.
var ErrNoScreen = errors.New("blackout: the screen cannot be seen from here")

const (
	jpegQuality = 80
	maxWidth    = 2560 // wider screens are halved: text stays readable
)

// JPEG encodes the picture. It is called after the page is black: it takes tens
// of milliseconds.
func (p Picture) JPEG() ([]byte, error) {
	if p.Width <= 0 || p.Height <= 0 || len(p.BGRX) != 4*p.Width*p.Height {
		return nil, errors.New("blackout: not a picture")
	}
	step := 1
	for p.Width/step > maxWidth {
		step *= 2
	}
	img := image.NewRGBA(image.Rect(0, 0, p.Width/step, p.Height/step))
	for y := range img.Rect.Max.Y {
		row := p.BGRX[4*y*step*p.Width:]
		out := img.Pix[y*img.Stride:]
		for x := range img.Rect.Max.X {
			in := row[4*x*step : 4*x*step+3]
			out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = in[2], in[1], in[0], 0xff
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// None is the screen of a machine that has none to see.
type None struct{}

// Grab always fails.
func (None) Grab(context.Context) (Picture, error) { return Picture{}, ErrNoScreen }

// Close does nothing.
func (None) Close() error { return nil }
