package desktops

import (
	"bufio"
	"crypto/des"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"net"
)

// Security types (RFC 6143 §7.1.2).
const (
	securityInvalid = 0
	securityNone    = 1
	securityVNC     = 2
)

const (
	version38   = "RFB 003.008\n"
	maxServer   = 4096 // bytes of a server's name, read and thrown away: it may tell hosts
	challenge   = 16
	serverInit  = 24
	maxScreenPx = 16384 // a side of a screen
)

// pixelFormat is the only one that crosses the gateway: 32 bits a pixel, 8 a
// colour, little-endian, red lowest. It is what noVNC asks for; Tight packs its
// pixels into 3 bytes in this format (RFC 6143 §7.4, §7.7.5).
var pixelFormat = [16]byte{32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0}

// size is what a server says of its screen at the start.
type size struct{ width, height uint16 }

// greet speaks with the VNC server up to its ServerInit and fixes the pixel
// format. r must be all that ever reads from c.
func greet(c net.Conn, r *bufio.Reader, secret string) (size, error) {
	minor, err := agreeVersion(c, r)
	if err != nil {
		return size{}, err
	}
	kind, err := chooseSecurity(c, r, minor, secret != "")
	if err != nil {
		return size{}, err
	}
	if err := authenticate(c, r, minor, kind, secret); err != nil {
		return size{}, err
	}
	if _, err := c.Write([]byte{1}); err != nil { // shared: others may look at it too
		return size{}, errUnreachable.Because(err)
	}
	var init [serverInit]byte
	if _, err := io.ReadFull(r, init[:]); err != nil {
		return size{}, errUnreachable.Because(err)
	}
	if err := discard(r, binary.BigEndian.Uint32(init[20:]), maxServer); err != nil {
		return size{}, err
	}
	s := size{binary.BigEndian.Uint16(init[:]), binary.BigEndian.Uint16(init[2:])}
	if s.width > maxScreenPx || s.height > maxScreenPx {
		return size{}, errUnsupported.Because(fmt.Errorf("desktops: screen of %d × %d", s.width, s.height))
	}
	if _, err := c.Write(append([]byte{0, 0, 0, 0}, pixelFormat[:]...)); err != nil {
		return size{}, errUnreachable.Because(err)
	}
	return s, nil
}

// agreeVersion answers with the server's version, at most 3.8 (RFC 6143 §7.1.1).
func agreeVersion(c net.Conn, r *bufio.Reader) (minor int, err error) {
	var v [12]byte
	if _, err := io.ReadFull(r, v[:]); err != nil {
		return 0, errUnreachable.Because(err)
	}
	var major int
	if n, err := fmt.Sscanf(string(v[:]), "RFB %03d.%03d\n", &major, &minor); n != 2 || err != nil || major < 3 {
		return 0, errUnsupported.Because(errors.New("desktops: not an RFB server"))
	}
	switch {
	case major > 3 || minor >= 8:
		minor = 8
	case minor != 7:
		minor = 3 // §7.1.1: anything else is to be taken as 3.3
	}
	if _, err := fmt.Fprintf(c, "RFB 003.%03d\n", minor); err != nil {
		return 0, errUnreachable.Because(err)
	}
	return minor, nil
}

// chooseSecurity takes VNC authentication where a password is kept, and none
// where none is: a server that asks for less than it was named with is refused.
func chooseSecurity(c net.Conn, r *bufio.Reader, minor int, secret bool) (byte, error) {
	want := byte(securityNone)
	if secret {
		want = securityVNC
	}
	if minor == 3 {
		var t [4]byte
		if _, err := io.ReadFull(r, t[:]); err != nil {
			return 0, errUnreachable.Because(err)
		}
		if binary.BigEndian.Uint32(t[:]) != uint32(want) {
			return 0, errUnsupported.Because(fmt.Errorf("desktops: security type %d", binary.BigEndian.Uint32(t[:])))
		}
		return want, nil
	}
	n, err := r.ReadByte()
	if err != nil {
		return 0, errUnreachable.Because(err)
	}
	if n == securityInvalid { // no types: a reason follows, often "too many failures"
		return 0, errUnreachable.Because(errors.New("desktops: the server refuses connections now"))
	}
	types := make([]byte, n) // at most 255
	if _, err := io.ReadFull(r, types); err != nil {
		return 0, errUnreachable.Because(err)
	}
	for _, t := range types {
		if t == want {
			if _, err := c.Write([]byte{want}); err != nil {
				return 0, errUnreachable.Because(err)
			}
			return want, nil
		}
	}
	return 0, errUnsupported.Because(fmt.Errorf("desktops: security types %v, want %d", types, want))
}

func authenticate(c net.Conn, r *bufio.Reader, minor int, kind byte, secret string) error {
	if kind == securityVNC {
		var b [challenge]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return errUnreachable.Because(err)
		}
		answer, err := respond(b, secret)
		if err != nil {
			return err
		}
		if _, err := c.Write(answer[:]); err != nil {
			return errUnreachable.Because(err)
		}
	} else if minor < 8 {
		return nil // §7.1.3: before 3.8 None has no result
	}
	var result [4]byte
	if _, err := io.ReadFull(r, result[:]); err != nil {
		return errUnreachable.Because(err)
	}
	if result != ([4]byte{}) {
		return errPassword
	}
	return nil
}

// respond encrypts the challenge with the password (RFC 6143 §7.2.2): single
// DES, each byte of the key mirrored. It is as weak as it sounds; the network
// between gateway and desktop is what protects it.
func respond(b [challenge]byte, secret string) (out [challenge]byte, err error) {
	var key [des.BlockSize]byte
	copy(key[:], secret)
	for i := range key {
		key[i] = bits.Reverse8(key[i])
	}
	cipher, err := des.NewCipher(key[:])
	if err != nil {
		return out, fmt.Errorf("desktops: DES: %w", err)
	}
	cipher.Encrypt(out[:8], b[:8])
	cipher.Encrypt(out[8:], b[8:])
	return out, nil
}

// discard reads n bytes for nothing, at most limit.
func discard(r *bufio.Reader, n, limit uint32) error {
	if n > limit {
		return errProtocol.Because(fmt.Errorf("desktops: %d bytes of text", n))
	}
	if _, err := io.CopyN(io.Discard, r, int64(n)); err != nil {
		return errUnreachable.Because(err)
	}
	return nil
}

// welcome speaks with the browser as a server without a password would, under
// the name that the administrator gave.
func welcome(c net.Conn, r *bufio.Reader, s size, name string) error {
	if _, err := io.WriteString(c, version38); err != nil {
		return err
	}
	var v [12]byte
	if _, err := io.ReadFull(r, v[:]); err != nil {
		return err
	}
	if string(v[:]) != version38 {
		return errProtocol.Because(fmt.Errorf("desktops: the browser speaks %q", v))
	}
	if _, err := c.Write([]byte{1, securityNone}); err != nil {
		return err
	}
	if t, err := r.ReadByte(); err != nil || t != securityNone {
		return errors.Join(err, errProtocol.Because(fmt.Errorf("desktops: the browser chose security %d", t)))
	}
	if _, err := c.Write([]byte{0, 0, 0, 0}); err != nil { // SecurityResult: OK
		return err
	}
	if _, err := r.ReadByte(); err != nil { // ClientInit: its wish to be alone is not heard
		return err
	}
	b := binary.BigEndian.AppendUint16(nil, s.width)
	b = binary.BigEndian.AppendUint16(b, s.height)
	b = append(b, pixelFormat[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(name)))
	_, err := c.Write(append(b, name...))
	return err
}

// refuse tells the browser why there is no desktop, as an RFB server without
// security types would (RFC 6143 §7.1.2): noVNC hands the reason, a code of the
// catalogue, to the page.
func refuse(c net.Conn, r *bufio.Reader, code string) {
	if _, err := io.WriteString(c, version38); err != nil {
		return
	}
	if _, err := io.CopyN(io.Discard, r, int64(len(version38))); err != nil {
		return
	}
	b := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(code)))
	_, _ = c.Write(append(b, code...)) // nobody is left to tell
}
