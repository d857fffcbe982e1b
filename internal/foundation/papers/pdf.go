package papers

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// The first objects of every file; pages and their contents follow.
const (
	objCatalog = iota + 1
	objPages
	objInfo
	objLatin
	objJapanese
	objDescendant
	objDescriptor
	firstPage
)

// file is a PDF that is being written: its objects, and where each begins.
type file struct {
	bytes.Buffer
	at []int
}

// object writes the next one; they come in the order of their numbers.
func (f *file) object(body string) {
	f.at = append(f.at, f.Len())
	fmt.Fprintf(f, "%d 0 obj\n%s\nendobj\n", len(f.at), body)
}

// write makes the file of pages whose contents are given.
func write(p Paper, contents []string) ([]byte, error) {
	f := &file{}
	f.WriteString("%PDF-1.5\n%\xe2\xe3\xcf\xd3\n") // the second line says that it is binary (ISO 32000-1 §7.5.2)
	kids := make([]string, len(contents))
	for i := range contents {
		kids[i] = fmt.Sprintf("%d 0 R", firstPage+2*i)
	}
	f.object(fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (%s) /ViewerPreferences << /DisplayDocTitle true >> >>", objPages, language(p)))
	f.object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] /MediaBox [0 0 %s %s] /Resources << /Font << /L %d 0 R /J %d 0 R >> >> >>",
		len(kids), strings.Join(kids, " "), number(paperWide), number(paperHigh), objLatin, objJapanese))
	f.object(fmt.Sprintf("<< /Title <feff%s> /Producer (Sekisho) /CreationDate (D:%sZ) >>", wide(plain(p.Title)), p.At.UTC().Format("20060102150405")))
	f.object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	f.object(fmt.Sprintf("<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5-UniJIS-UTF16-H /Encoding /UniJIS-UTF16-H /DescendantFonts [%d 0 R] >>", objDescendant))
	f.object(fmt.Sprintf("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 4 >> "+
		"/FontDescriptor %d 0 R /DW 1000 /W [327 389 500] >>", objDescriptor))
	f.object("<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] /ItalicAngle 0 /Ascent 752 /Descent -271 /CapHeight 737 /StemV 114 >>")
	for i, content := range contents {
		f.object(fmt.Sprintf("<< /Type /Page /Parent %d 0 R /Contents %d 0 R >>", objPages, firstPage+2*i+1))
		packed, err := deflate(content)
		if err != nil {
			return nil, err
		}
		f.object(fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", len(packed), packed))
	}
	f.close()
	return f.Bytes(), nil
}

// close writes the table of objects and the trailer (ISO 32000-1 §7.5.4 and §7.5.5).
func (f *file) close() {
	sum := sha256.Sum256(f.Bytes())
	id := hex.EncodeToString(sum[:16])
	start := f.Len()
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", len(f.at)+1)
	for _, at := range f.at {
		fmt.Fprintf(f, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(f, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n", len(f.at)+1, objCatalog, objInfo, id, id, start)
}

func language(p Paper) string {
	if p.Language == "en" {
		return "en"
	}
	return "ja"
}

func deflate(content string) ([]byte, error) {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("papers: %w", err)
	}
	return b.Bytes(), nil
}
