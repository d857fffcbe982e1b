package desktops

import "sync/atomic"

// screen is the direction from the VNC server to the browser.
type screen struct {
	pipe
	updates    atomic.Uint64
	rects      [zrleRect + 1]atomic.Uint64 // by encoding, for tests and figures
	clipboards atomic.Uint64
}

// run passes messages on until one of the ends or the protocol is gone.
func (s *screen) run() error {
	for {
		if err := s.message(); err != nil {
			return err
		}
	}
}

func (s *screen) message() error {
	head, err := s.peek(1)
	if err != nil {
		return err
	}
	switch kind := head[0]; kind {
	case framebufferUpdate:
		return s.update()
	case bell, continuousUpdates:
		_, err := s.pass(1)
		return err
	case serverCutText:
		s.clipboards.Add(1)
		return s.cutText()
	case fence:
		return passFence(s.pipe)
	default: // colour maps among them: they have no place in true colour
		return broken("message %d from the desktop", kind)
	}
}

func (s *screen) update() error {
	head, err := s.pass(4)
	if err != nil {
		return unexpected(err)
	}
	for range be16(head[2:]) {
		last, err := s.rect()
		if err != nil {
			return unexpected(err)
		}
		if last {
			break
		}
	}
	s.updates.Add(1)
	return nil
}

// rect passes one rectangle: twelve bytes of header, then what its encoding says.
func (s *screen) rect() (last bool, err error) {
	head, err := s.pass(12)
	if err != nil {
		return false, err
	}
	w, h, encoding := be16(head[4:]), be16(head[6:]), int32(be32(head[8:]))
	if encoding >= 0 && int(encoding) < len(s.rects) {
		s.rects[encoding].Add(1)
	}
	area := int64(w) * int64(h)
	switch encoding {
	case lastRect:
		return true, nil
	case desktopSize, qemuKeys:
		return false, nil
	case rawRect:
		return false, s.stream(area * 4)
	case copyRect:
		return false, s.stream(4)
	case rreRect:
		return false, s.rre(area)
	case hextileRect:
		return false, s.hextile(w, h)
	case zrleRect, zlibRect:
		return false, s.compressed(area)
	case tightRect:
		return false, s.tight(w, h)
	case ledState:
		return false, s.stream(1)
	case cursor:
		if w > maxCursor || h > maxCursor {
			return false, broken("pointer of %d × %d", w, h)
		}
		return false, s.stream(area*4 + int64((w+7)/8*h))
	case vmwareCursor:
		return false, s.vmwareCursor(w, h)
	case extendedDesktopSize:
		b, err := s.pass(4)
		if err != nil {
			return false, err
		}
		if b[0] > maxScreens {
			return false, broken("%d screens", b[0])
		}
		return false, s.stream(16 * int64(b[0]))
	}
	return false, broken("rectangle in encoding %d", encoding)
}

// maxCursor is a side of a mouse pointer; the browser draws it in memory.
const maxCursor = 1024

func (s *screen) vmwareCursor(w, h int) error {
	b, err := s.pass(2)
	if err != nil {
		return err
	}
	if w > maxCursor || h > maxCursor {
		return broken("pointer of %d × %d", w, h)
	}
	switch b[0] {
	case 0: // two masks
		return s.stream(int64(w) * int64(h) * 8)
	case 1: // colours with alpha
		return s.stream(int64(w) * int64(h) * 4)
	}
	return broken("pointer of kind %d", b[0])
}

// rre (RFC 6143 §7.7.3): a background and rectangles of 12 bytes on it.
func (s *screen) rre(area int64) error {
	b, err := s.pass(8)
	if err != nil {
		return err
	}
	n := int64(be32(b))
	if n > area {
		return broken("%d rectangles on %d pixels", n, area)
	}
	return s.stream(12 * n)
}

// compressed (RFC 6143 §7.7.6): a length and that many bytes of zlib.
func (s *screen) compressed(area int64) error {
	b, err := s.pass(4)
	if err != nil {
		return err
	}
	n := int64(be32(b))
	if n > area*5+1024 { // zlib grows what it cannot shrink by less than that
		return broken("%d bytes for %d pixels", n, area)
	}
	return s.stream(n)
}

// Bits of a Hextile tile (RFC 6143 §7.7.4).
const (
	tileRaw = 1 << iota
	tileBackground
	tileForeground
	tileRects
	tileColoured
	tileBits = tileColoured<<1 - 1
)

func (s *screen) hextile(w, h int) error {
	for y := 0; y < h; y += 16 {
		for x := 0; x < w; x += 16 {
			if err := s.tile(min(16, w-x), min(16, h-y)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *screen) tile(w, h int) error {
	b, err := s.pass(1)
	if err != nil {
		return err
	}
	kind := b[0]
	if kind > tileBits {
		return broken("Hextile tile of kind %d", kind)
	}
	if kind&tileRaw != 0 {
		return s.stream(int64(w) * int64(h) * 4)
	}
	n := 0
	if kind&tileBackground != 0 {
		n += 4
	}
	if kind&tileForeground != 0 {
		n += 4
	}
	if kind&tileRects == 0 {
		return s.stream(int64(n))
	}
	if b, err = s.pass(n + 1); err != nil {
		return err
	}
	each := int64(2)
	if kind&tileColoured != 0 {
		each += 4
	}
	return s.stream(int64(b[n]) * each)
}

// Tight's control nibble and filters.
const (
	tightFill     = 8
	tightJPEG     = 9
	tightBasic    = 8 // bit that basic compression does not have
	tightFilter   = 4 // bit: a filter's number follows
	filterCopy    = 0
	filterPalette = 1
	filterShades  = 2
	tightPixel    = 3  // bytes, in our pixel format
	tightPlain    = 12 // fewer bytes than this are not compressed
)

// tight (community's registry, "Tight encoding"): filled, JPEG, or zlib over a filter.
func (s *screen) tight(w, h int) error {
	b, err := s.pass(1)
	if err != nil {
		return err
	}
	control := b[0] >> 4 // below it: zlib streams to reset
	switch {
	case control == tightFill:
		return s.stream(tightPixel)
	case control == tightJPEG:
		n, err := s.compactLength()
		if err != nil {
			return err
		}
		return s.stream(n)
	case control&tightBasic != 0:
		return broken("Tight rectangle of kind %d", control)
	}
	filter := byte(filterCopy)
	if control&tightFilter != 0 {
		if b, err = s.pass(1); err != nil {
			return err
		}
		filter = b[0]
	}
	length := int64(w) * int64(h) * tightPixel
	switch filter {
	case filterCopy, filterShades:
	case filterPalette:
		if b, err = s.pass(1); err != nil {
			return err
		}
		colours := int64(b[0]) + 1
		if err := s.stream(colours * tightPixel); err != nil {
			return err
		}
		if length = int64(w) * int64(h); colours <= 2 {
			length = int64((w+7)/8) * int64(h)
		}
	default:
		return broken("Tight filter %d", filter)
	}
	if length < tightPlain {
		return s.stream(length)
	}
	if length, err = s.compactLength(); err != nil {
		return err
	}
	return s.stream(length)
}

// compactLength is Tight's: seven bits a byte, lowest first, at most three bytes.
func (s *screen) compactLength() (n int64, err error) {
	for shift := 0; ; shift += 7 {
		b, err := s.pass(1)
		if err != nil {
			return 0, err
		}
		if shift == 14 {
			return n | int64(b[0])<<14, nil
		}
		n |= int64(b[0]&0x7f) << shift
		if b[0]&0x80 == 0 {
			return n, nil
		}
	}
}
