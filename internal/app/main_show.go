package app

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/witnesses"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/showing"
)

// evidenceShowCmd is how two officers hand the picture of an older enrolment to the
// witness on a replacement PC: it is opened here and written for his page alone.
type evidenceShowCmd struct {
	Record string   `arg:"" type:"existingfile" help:"The sealed record of the older enrolment."`
	Key    []string `required:"" type:"existingfile" help:"Your key file. Twice where both officers sit at one machine."`
	Share  []string `type:"existingfile" help:"The share that the other officer sealed to you."`
	To     string   `required:"" help:"The key of the witness's page, as the console shows it."`
	Device string   `required:"" help:"The new PC's id, as the console shows it."`
	Out    string   `short:"o" required:"" type:"path" help:"The file to hand in (.seal)."`
}

var errNoPicture = errors.New("this record holds no picture of an enrolment")

// Run opens the record with two shares and seals its picture to the witness's page.
func (c evidenceShowCmd) Run(sh *shell) error {
	to, err := base64.RawURLEncoding.DecodeString(c.To)
	if err != nil {
		return fmt.Errorf("the key of the witness's page: %w", err)
	}
	record, err := os.ReadFile(c.Record)
	if err != nil {
		return err
	}
	manifest, parts, err := openRecord(c.Record, record, c.Key, c.Share)
	if err != nil {
		return err
	}
	picture, err := small(manifest, parts)
	if err != nil {
		return err
	}
	sealed, err := showing.Seal(to, showing.About{Device: sekisho.DeviceID(c.Device), Record: sealing.Name(record)}, picture)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, sealed, 0o600); err != nil {
		return err
	}
	sh.say("the record is of person %s on PC %s, made %s", manifest.Person, manifest.Device, manifest.At.Format(time.RFC3339))
	sh.say("sealed to the page whose key has the mark %s", showing.Mark(to))
	sh.say("read it to the witness by telephone; if his page shows another one, delete %s", c.Out)
	return nil
}

const smallSide = 480 // pixels of the longer side: enough for two eyes to compare

// small is the picture of an enrolment, small enough to be handed in.
func small(m sealing.Manifest, parts []sealing.Part) ([]byte, error) {
	if m.Kind != "enrolment" {
		return nil, errNoPicture
	}
	for _, p := range parts {
		if !strings.HasSuffix(p.Name, ".jpg") {
			continue
		}
		img, err := jpeg.Decode(bytes.NewReader(p.Data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
		img = shrunk(img)
		for _, quality := range []int{85, 70, 50, 30} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
				return nil, fmt.Errorf("%s: %w", p.Name, err)
			}
			if b.Len() <= witnesses.MaxPicture {
				return b.Bytes(), nil
			}
		}
	}
	return nil, errNoPicture
}

// shrunk averages whole blocks of pixels, so that nothing of a face is left out.
func shrunk(img image.Image) image.Image {
	r := img.Bounds()
	by := (max(r.Dx(), r.Dy()) + smallSide - 1) / smallSide
	if by <= 1 {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, r.Dx()/by, r.Dy()/by))
	for y := range r.Dy() / by {
		for x := range r.Dx() / by {
			out.Set(x, y, mean(img, r.Min.X+x*by, r.Min.Y+y*by, by))
		}
	}
	return out
}

func mean(img image.Image, x0, y0, by int) color.Color {
	var r, g, b uint32
	for y := y0; y < y0+by; y++ {
		for x := x0; x < x0+by; x++ {
			cr, cg, cb, _ := img.At(x, y).RGBA()
			r, g, b = r+cr>>8, g+cg>>8, b+cb>>8
		}
	}
	n := uint32(by * by)
	return color.RGBA{R: uint8(r / n), G: uint8(g / n), B: uint8(b / n), A: 0xff}
}
