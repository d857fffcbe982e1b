package desktops

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
)

func u16(n ...int) (b []byte) {
	for _, v := range n {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	return b
}

func u32(n ...int64) (b []byte) {
	for _, v := range n {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	return b
}

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func rect(w, h int, encoding int32, body ...[]byte) []byte {
	return cat(u16(0, 0, w, h), u32(int64(encoding)), cat(body...))
}

func frame(rects ...[]byte) []byte { return cat([]byte{0, 0}, u16(len(rects)), cat(rects...)) }

// noise is anything, so that nothing in it is mistaken for structure.
func noise(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func compact(n int) []byte {
	switch {
	case n < 1<<7:
		return []byte{byte(n)}
	case n < 1<<14:
		return []byte{byte(n) | 0x80, byte(n >> 7)}
	}
	return []byte{byte(n) | 0x80, byte(n>>7) | 0x80, byte(n >> 14)}
}

func runScreen(in []byte) (*screen, []byte, error) {
	var out bytes.Buffer
	s := &screen{pipe: newPipe(bufio.NewReaderSize(iotest.HalfReader(bytes.NewReader(in)), pictures), &out)}
	err := s.run()
	_ = s.w.Flush()
	return s, out.Bytes(), err
}

func runRequests(in []byte) (*requests, []byte, error) {
	var out bytes.Buffer
	q := &requests{pipe: newPipe(bufio.NewReaderSize(iotest.HalfReader(bytes.NewReader(in)), strokes), &out)}
	err := q.run()
	_ = q.w.Flush()
	return q, out.Bytes(), err
}

// TestScreenFramesEveryEncoding puts a message of each kind before a clipboard
// message: only who framed the first correctly finds and drops the second.
func TestScreenFramesEveryEncoding(t *testing.T) {
	cut := cat([]byte{3, 0, 0, 0}, u32(5), []byte("tokyo"))
	extended := cat([]byte{3, 0, 0, 0}, u32(-9), noise(9))
	for name, m := range map[string][]byte{
		"no rectangles":             frame(),
		"raw":                       frame(rect(7, 3, rawRect, noise(7*3*4))),
		"raw, large":                frame(rect(1920, 400, rawRect, noise(1920*400*4))),
		"copy":                      frame(rect(7, 3, copyRect, noise(4))),
		"RRE":                       frame(rect(7, 3, rreRect, u32(2), noise(4), noise(24))),
		"RRE without rectangles":    frame(rect(7, 3, rreRect, u32(0), noise(4))),
		"zlib":                      frame(rect(70, 30, zlibRect, u32(1000), noise(1000))),
		"ZRLE":                      frame(rect(70, 30, zrleRect, u32(1000), noise(1000)), rect(1, 1, zrleRect, u32(0))),
		"hextile raw":               frame(rect(17, 16, hextileRect, []byte{1}, noise(16*16*4), []byte{1}, noise(16*4))),
		"hextile solid":             frame(rect(16, 17, hextileRect, []byte{2}, noise(4), []byte{0})),
		"hextile rects":             frame(rect(16, 16, hextileRect, []byte{2 | 4 | 8, 1, 1, 1, 1, 2, 2, 2, 2, 3}, noise(6))),
		"hextile colours":           frame(rect(16, 16, hextileRect, []byte{8 | 16, 3}, noise(18))),
		"tight fill":                frame(rect(9, 9, tightRect, []byte{0x80}, noise(3))),
		"tight fill, reset":         frame(rect(9, 9, tightRect, []byte{0x8f}, noise(3))),
		"tight JPEG":                frame(rect(90, 90, tightRect, []byte{0x90}, compact(20000), noise(20000))),
		"tight copy":                frame(rect(9, 9, tightRect, []byte{0x00}, compact(100), noise(100))),
		"tight copy, stream 3":      frame(rect(9, 9, tightRect, []byte{0x30}, compact(128), noise(128))),
		"tight copy, tiny":          frame(rect(1, 3, tightRect, []byte{0x00}, noise(9))),
		"tight copy, filter named":  frame(rect(9, 9, tightRect, []byte{0x40, 0}, compact(16383), noise(16383))),
		"tight two colours":         frame(rect(90, 9, tightRect, []byte{0x50, 1, 1}, noise(6), compact(16384), noise(16384))),
		"tight two colours, tiny":   frame(rect(9, 5, tightRect, []byte{0x50, 1, 1}, noise(6), noise(10))),
		"tight palette":             frame(rect(90, 9, tightRect, []byte{0x60, 1, 255}, noise(768), compact(5), noise(5))),
		"tight palette, tiny":       frame(rect(3, 3, tightRect, []byte{0x60, 1, 2}, noise(9), noise(9))),
		"tight gradient":            frame(rect(9, 9, tightRect, []byte{0x70, 2}, compact(4000000), noise(4000000))),
		"pointer":                   frame(rect(9, 5, cursor, noise(9*5*4+2*5))),
		"pointer, none":             frame(rect(0, 0, cursor)),
		"VMware pointer":            frame(rect(9, 5, vmwareCursor, []byte{0, 0}, noise(9*5*8))),
		"VMware pointer, alpha":     frame(rect(9, 5, vmwareCursor, []byte{1, 0}, noise(9*5*4))),
		"desktop size":              frame(rect(800, 600, desktopSize)),
		"extended desktop size":     frame(rect(800, 600, extendedDesktopSize, []byte{2, 0, 0, 0}, noise(32))),
		"key and LED":               frame(rect(0, 0, qemuKeys), rect(0, 0, ledState, []byte{2})),
		"last":                      cat([]byte{0, 0, 0xff, 0xff}, rect(1, 1, rawRect, noise(4)), rect(0, 0, lastRect)),
		"several":                   frame(rect(7, 3, rawRect, noise(84)), rect(9, 9, tightRect, []byte{0x80}, noise(3)), rect(7, 3, copyRect, noise(4))),
		"bell":                      {2},
		"end of continuous":         {150},
		"fence":                     cat([]byte{248, 0, 0, 0}, u32(0x80000003), []byte{8}, noise(8)),
		"fence, empty":              cat([]byte{248, 0, 0, 0}, u32(1), []byte{0}),
		"fence, as long as it gets": cat([]byte{248, 0, 0, 0}, u32(1), []byte{64}, noise(64)),
		"clipboard":                 {},
	} {
		want := cat(m, []byte{2}, m)
		s, got, err := runScreen(cat(m, cut, []byte{2}, extended, m, cut))
		if err != io.EOF || s.clipboards.Load() != 3 {
			t.Errorf("%s: %d clipboards, %v", name, s.clipboards.Load(), err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes came out, want %d", name, len(got), len(want))
		}
		if bytes.Contains(got, []byte("tokyo")) {
			t.Errorf("%s: the clipboard came through", name)
		}
	}
}

func TestScreenEndsAtWhatItCannotFrame(t *testing.T) {
	for name, m := range map[string][]byte{
		"colour map":            cat([]byte{1, 0}, u16(0, 1), noise(6)),
		"message 4":             {4, 0},
		"xvp":                   {250, 0, 1, 1},
		"QEMU audio":            {255, 1},
		"TightPNG":              frame(rect(9, 9, -260, noise(9))),
		"H.264":                 frame(rect(9, 9, 50, u32(1, 0), noise(1))),
		"JPEG":                  frame(rect(9, 9, 21, noise(9))),
		"desktop name":          frame(rect(0, 0, -307, u32(4), []byte("host"))),
		"extended clipboard":    frame(rect(0, 0, -0x3f5e1a32, noise(4))),
		"unknown":               frame(rect(1, 1, 0x1234567, noise(4))),
		"tight kind 10":         frame(rect(9, 9, tightRect, []byte{0xa0}, noise(9))),
		"tight kind 15":         frame(rect(9, 9, tightRect, []byte{0xf0}, noise(9))),
		"tight filter 3":        frame(rect(9, 9, tightRect, []byte{0x40, 3}, noise(9))),
		"hextile kind 32":       frame(rect(9, 9, hextileRect, []byte{32}, noise(9))),
		"more RRE than pixels":  frame(rect(2, 2, rreRect, u32(5), noise(64))),
		"more ZRLE than pixels": frame(rect(2, 2, zrleRect, u32(1<<30), noise(64))),
		"pointer, huge":         frame(rect(2000, 5, cursor, noise(9))),
		"VMware pointer, huge":  frame(rect(5, 2000, vmwareCursor, noise(9))),
		"VMware pointer of 2":   frame(rect(5, 5, vmwareCursor, []byte{2, 0}, noise(9))),
		"many screens":          frame(rect(5, 5, extendedDesktopSize, []byte{17, 0, 0, 0})),
		"fence, long":           cat([]byte{248, 0, 0, 0}, u32(1), []byte{65}, noise(65)),
		"clipboard, huge":       cat([]byte{3, 0, 0, 0}, u32(1<<30)),
		"clipboard, most minus": cat([]byte{3, 0, 0, 0}, u32(-1<<31)),
	} {
		if _, _, err := runScreen(m); sekisho.CodeOf(err) != "desktop.protocol" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCutInTheMiddleIsNotAnOrderlyEnd(t *testing.T) {
	whole := cat(frame(rect(17, 16, hextileRect, []byte{1}, noise(16*16*4), []byte{2}, noise(4)), rect(9, 9, tightRect, []byte{0x00}, compact(100), noise(100))),
		[]byte{3, 0, 0, 0}, u32(3), noise(3))
	for n := 1; n < len(whole); n++ {
		_, _, err := runScreen(whole[:n])
		atEdge := n == len(whole)-11
		if (err == io.EOF) != atEdge || (!atEdge && !errors.Is(err, io.ErrUnexpectedEOF)) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

var sameFormat = cat([]byte{0, 0, 0, 0}, pixelFormat[:])

func TestRequests(t *testing.T) {
	key := []byte{4, 1, 0, 0, 0, 0, 0, 0x61}
	for name, c := range map[string]struct{ in, out []byte }{
		"update request":        {cat([]byte{3, 1}, u16(0, 0, 9, 9)), cat([]byte{3, 1}, u16(0, 0, 9, 9))},
		"key":                   {key, key},
		"pointer":               {[]byte{5, 1, 0, 1, 0, 2}, []byte{5, 1, 0, 1, 0, 2}},
		"scan code":             {cat([]byte{255, 0, 0, 1}, u32(0xff20, 0x29)), cat([]byte{255, 0, 0, 1}, u32(0xff20, 0x29))},
		"continuous updates":    {cat([]byte{150, 1}, u16(0, 0, 9, 9)), cat([]byte{150, 1}, u16(0, 0, 9, 9))},
		"fence":                 {cat([]byte{248, 0, 0, 0}, u32(3), []byte{2, 1, 2}), cat([]byte{248, 0, 0, 0}, u32(3), []byte{2, 1, 2})},
		"desktop size":          {cat([]byte{251, 0}, u16(800, 600), []byte{1, 0}, noise(0), make([]byte, 16)), cat([]byte{251, 0}, u16(800, 600), []byte{1, 0}, make([]byte, 16))},
		"the one pixel format":  {sameFormat, nil},
		"clipboard":             {cat([]byte{6, 0, 0, 0}, u32(5), []byte("tokyo")), nil},
		"clipboard, empty":      {cat([]byte{6, 0, 0, 0}, u32(0)), nil},
		"clipboard, extended":   {cat([]byte{6, 0, 0, 0}, u32(-12), noise(12)), nil},
		"clipboard, large":      {cat([]byte{6, 0, 0, 0}, u32(1<<20), noise(1<<20)), nil},
		"encodings":             {cat([]byte{2, 0}, u16(4), u32(7, 16, -239, 0)), cat([]byte{2, 0}, u16(4), u32(7, 16, -239, 0))},
		"encodings, none":       {cat([]byte{2, 0}, u16(0)), cat([]byte{2, 0}, u16(0))},
		"encodings, all barred": {cat([]byte{2, 0}, u16(3), u32(50, -260, 0xc0a1e5ce)), cat([]byte{2, 0}, u16(0))},
	} {
		q, got, err := runRequests(cat(c.in, key, c.in))
		if err != io.EOF || !bytes.Equal(got, cat(c.out, key, c.out)) {
			t.Errorf("%s: %x, %v", name, got, err)
		}
		if strings.HasPrefix(name, "clipboard") && q.clipboards.Load() != 2 {
			t.Errorf("%s: %d counted", name, q.clipboards.Load())
		}
	}
}

// TestWhatNoVNCAsksFor is the list of noVNC 1.7.0 (core/rfb.js, _sendEncodings).
func TestWhatNoVNCAsksFor(t *testing.T) {
	asks := []int64{1, 50, 7, -260, 16, 21, 5, 2, 6, 0, -26, -254, -223, -224, -258, -261, -308, -309, -312, -313, -307, 0xc0a1e5ce, -316, 0x574d5664, -239}
	gets := []int64{1, 7, 16, 5, 2, 6, 0, -26, -254, -223, -224, -258, -261, -308, -312, -313, 0x574d5664, -239}
	_, got, err := runRequests(cat([]byte{2, 0}, u16(len(asks)), u32(asks...)))
	if want := cat([]byte{2, 0}, u16(len(gets)), u32(gets...)); err != io.EOF || !bytes.Equal(got, want) {
		t.Fatalf("%x\nwant %x, %v", got, want, err)
	}
}

func TestRequestsEndAtAnythingElse(t *testing.T) {
	other := append([]byte(nil), sameFormat...)
	other[4] = 16
	for name, m := range map[string][]byte{
		"message 1":            {1},
		"message 7":            {7},
		"xvp: switch off":      {250, 0, 1, 2},
		"file transfer":        {131, 0, 0, 0},
		"QEMU sound":           {255, 1, 0, 0},
		"VMware":               {127, 0, 0, 0},
		"another pixel format": other,
		"many encodings":       cat([]byte{2, 0}, u16(257)),
		"fence, long":          cat([]byte{248, 0, 0, 0}, u32(1), []byte{65}),
		"clipboard, huge":      cat([]byte{6, 0, 0, 0}, u32(1<<30)),
		"clipboard, minus":     cat([]byte{6, 0, 0, 0}, u32(-1<<31)),
		"desktop of nothing":   cat([]byte{251, 0}, u16(0, 600), []byte{1, 0}),
		"desktop, huge":        cat([]byte{251, 0}, u16(60000, 600), []byte{1, 0}),
		"many screens":         cat([]byte{251, 0}, u16(600, 600), []byte{17, 0}),
	} {
		if _, out, err := runRequests(m); sekisho.CodeOf(err) != "desktop.protocol" || len(out) != 0 {
			t.Errorf("%s: %x, %v", name, out, err)
		}
	}
}

// TestScreenIsTransparent holds for any mixture of rectangles, cut into any reads.
func TestScreenIsTransparent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in, want []byte
		for range rapid.IntRange(1, 12).Draw(t, "messages") {
			w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
			n := rapid.IntRange(0, 300).Draw(t, "n")
			m := rapid.SampledFrom([][]byte{
				frame(rect(w, h, rawRect, noise(w*h*4)), rect(w, h, copyRect, noise(4))),
				frame(rect(w, h, zrleRect, u32(int64(n)), noise(n))),
				frame(rect(w, h, tightRect, []byte{0x90}, compact(n), noise(n)), rect(w, h, tightRect, []byte{0x80}, noise(3))),
				frame(rect(1, 1, tightRect, []byte{0x00}, noise(3))),
				{2},
			}).Draw(t, "message")
			in, want = append(in, m...), append(want, m...)
			if rapid.Bool().Draw(t, "clipboard") {
				in = append(in, cat([]byte{3, 0, 0, 0}, u32(int64(n)), noise(n))...)
			}
		}
		if _, got, err := runScreen(in); err != io.EOF || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes of %d, %v", len(got), len(want), err)
		}
	})
}

func FuzzScreen(f *testing.F) {
	f.Add(frame(rect(9, 9, tightRect, []byte{0x60, 1, 2}, noise(9), noise(9))))
	f.Add(frame(rect(17, 16, hextileRect, []byte{1}, noise(16*16*4), []byte{2}, noise(4))))
	f.Add(cat([]byte{3, 0, 0, 0}, u32(-3), noise(3), []byte{2}))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, out, err := runScreen(in)
		if err == nil || len(out) > len(in) {
			t.Fatalf("%d bytes from %d, %v", len(out), len(in), err)
		}
		if err == io.EOF { // what was accepted is accepted again, and then unchanged
			if s, again, err := runScreen(out); err != io.EOF || !bytes.Equal(out, again) || s.clipboards.Load() != 0 {
				t.Fatalf("%x became %x, %v", out, again, err)
			}
		}
	})
}

func FuzzRequests(f *testing.F) {
	f.Add(cat(sameFormat, []byte{2, 0}, u16(2), u32(7, 50), []byte{5, 1, 0, 1, 0, 2}))
	f.Add(cat([]byte{6, 0, 0, 0}, u32(-3), noise(3), []byte{255, 0, 0, 1}, u32(1, 2)))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, out, err := runRequests(in)
		if err == nil || len(out) > len(in) {
			t.Fatalf("%d bytes from %d, %v", len(out), len(in), err)
		}
		if err == io.EOF {
			if q, again, err := runRequests(out); err != io.EOF || !bytes.Equal(out, again) || q.clipboards.Load() != 0 {
				t.Fatalf("%x became %x, %v", out, again, err)
			}
		}
	})
}
