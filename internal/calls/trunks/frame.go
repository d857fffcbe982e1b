package trunks

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

var errFrame = errors.New("not a message")

// frame reads one message of a stream: its headers, then as much as Content-Length
// says. Nothing is allocated for a length that was only announced.
func frame(r *bufio.Reader, s net.Conn) ([]byte, error) {
	if err := s.SetReadDeadline(time.Now().Add(idleConn)); err != nil {
		return nil, err
	}
	for { // CRLF between messages keeps the connection alive (RFC 5626 §4.4.1)
		b, err := r.Peek(1)
		if err != nil {
			return nil, err
		}
		if b[0] != '\r' && b[0] != '\n' {
			break
		}
		if _, err := r.Discard(1); err != nil {
			return nil, err
		}
	}
	if err := s.SetReadDeadline(time.Now().Add(wholeMessage)); err != nil {
		return nil, err
	}
	var data []byte
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil || len(data)+len(line) > maxMessage {
			return nil, errFrame
		}
		data = append(data, line...)
		text := strings.TrimRight(string(line), "\r\n")
		if text == "" {
			break
		}
		name, value, _ := strings.Cut(text, ":")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "content-length" || name == "l" {
			n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
			if err != nil || n > maxMessage {
				return nil, errFrame
			}
			length = int(n)
		}
	}
	if len(data)+length > maxMessage {
		return nil, errFrame
	}
	head := len(data)
	data = append(data, make([]byte, length)...)
	_, err := io.ReadFull(r, data[head:])
	return data, err
}
