// Package papertest reads a PDF back, for tests: strictly, by the file's own
// table of objects, so that what a reader would have to repair is a fault here.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// Page is what stands on one page, one element for each line that was drawn.
type Page []string

// Text is all of a page without what separates its lines.
func (p Page) Text() string { return strings.Join(p, "") }

var (
	startForm = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	sizeForm  = regexp.MustCompile(`trailer\n<< /Size (\d+) /Root (\d+) 0 R`)
	kidsForm  = regexp.MustCompile(`/Count (\d+) /Kids \[([0-9 R]*)\]`)
	bodyForm  = regexp.MustCompile(`/Contents (\d+) 0 R`)
	longForm  = regexp.MustCompile(`^<< /Length (\d+) /Filter /FlateDecode >>\nstream\n`)
	shownForm = regexp.MustCompile(`/([LJ]) [0-9.]+ Tf <([0-9a-f]*)> Tj`)
	lineForm  = regexp.MustCompile(`(?s)BT (.*?)ET\n`)
)

// Read gives the pages of a file.
func Read(t testing.TB, file []byte) []Page {
	t.Helper()
	pages, err := read(file)
	if err != nil {
		t.Fatalf("not a PDF: %v", err)
	}
	return pages
}

func read(file []byte) (pages []Page, err error) {
	if !bytes.HasPrefix(file, []byte("%PDF-1.")) {
		return nil, fmt.Errorf("it begins with %.10q", file)
	}
	object, root, err := objects(file)
	if err != nil {
		return nil, err
	}
	tree := regexp.MustCompile(`/Pages (\d+) 0 R`).FindStringSubmatch(object[root])
	if tree == nil {
		return nil, fmt.Errorf("a catalogue without pages: %s", object[root])
	}
	kids := kidsForm.FindStringSubmatch(object[atoi(tree[1])])
	if kids == nil {
		return nil, fmt.Errorf("no tree of pages: %s", object[atoi(tree[1])])
	}
	for kid := range strings.SplitSeq(strings.TrimSuffix(kids[2], " 0 R"), " 0 R ") {
		body := bodyForm.FindStringSubmatch(object[atoi(kid)])
		if body == nil {
			return nil, fmt.Errorf("page %s has no contents: %s", kid, object[atoi(kid)])
		}
		page, err := contents(object[atoi(body[1])])
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
	}
	if len(pages) != atoi(kids[1]) {
		return nil, fmt.Errorf("%d pages, said to be %s", len(pages), kids[1])
	}
	return pages, nil
}

// objects gives each object by its number, from where the table says that it begins.
func objects(file []byte) (object map[int]string, root int, err error) {
	start, trailer := startForm.FindSubmatch(file), sizeForm.FindSubmatch(file)
	if start == nil || trailer == nil {
		return nil, 0, fmt.Errorf("no trailer: %q", file[max(0, len(file)-80):])
	}
	size, root := atoi(string(trailer[1])), atoi(string(trailer[2]))
	table := string(file[atoi(string(start[1])):])
	lines := strings.Split(table, "\n")
	if lines[0] != "xref" || lines[1] != fmt.Sprintf("0 %d", size) {
		return nil, 0, fmt.Errorf("no table of objects: %.40q", table)
	}
	object = map[int]string{}
	for n := 1; n < size; n++ {
		line := lines[2+n]
		if len(line) != 19 || !strings.HasSuffix(line, " 00000 n ") {
			return nil, 0, fmt.Errorf("object %d is at %q", n, line)
		}
		rest, ok := strings.CutPrefix(string(file[atoi(line[:10]):]), fmt.Sprintf("%d 0 obj\n", n))
		if !ok {
			return nil, 0, fmt.Errorf("object %d is not where the table says", n)
		}
		object[n] = rest[:strings.Index(rest, "\nendobj\n")]
		if m := longForm.FindStringSubmatch(rest); m != nil { // a stream may hold any bytes
			end := len(m[0]) + atoi(m[1])
			if !strings.HasPrefix(rest[end:], "\nendstream\nendobj\n") {
				return nil, 0, fmt.Errorf("object %d is not as long as it says", n)
			}
			object[n] = rest[:end]
		}
	}
	return object, root, nil
}

func contents(object string) (page Page, err error) {
	head := longForm.FindString(object)
	z, err := zlib.NewReader(strings.NewReader(object[len(head):]))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	for _, line := range lineForm.FindAllStringSubmatch(string(text), -1) {
		said := ""
		for _, part := range shownForm.FindAllStringSubmatch(line[1], -1) {
			raw, err := hex.DecodeString(part[2])
			if err != nil {
				return nil, err
			}
			if part[1] == "L" {
				said += string(raw)
				continue
			}
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			said += string(utf16.Decode(units))
		}
		page = append(page, said)
	}
	return page, nil
}

// atoi reads digits that a pattern has matched; -1 for any other.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
