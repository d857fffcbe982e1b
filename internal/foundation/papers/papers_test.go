package papers_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/papers"
	"github.com/sekisho/sekisho/internal/foundation/papers/papertest"
)

var at = time.Date(2026, 11, 22, 3, 4, 5, 0, time.UTC)

func paper(rows [][]string) papers.Paper {
	return papers.Paper{
		Language: "ja", Title: "受講記録", At: at, Facts: []papers.Fact{{Label: "作成日時", Value: "2026年11月22日 12:04"}, {Label: "件数", Value: fmt.Sprint(len(rows))}},
		Parts: []papers.Part{{
			Columns: []papers.Column{{Head: "氏名", Share: 2}, {Head: "講座・規程", Share: 3}, {Head: "得点（%）", Share: 1, Right: true}},
			Rows:    rows, Empty: "記録はありません。",
		}},
		Foot: "見本コンタクトセンター",
	}
}

func TestAListIsReadBack(t *testing.T) {
	rows := [][]string{}
	for i := range 100 {
		rows = append(rows, []string{fmt.Sprintf("見本 花子%d", i), "在宅勤務の情報セキュリティ (Home, 1)", fmt.Sprint(80 + i%20)})
	}
	file, err := papers.Make(paper(rows))
	if err != nil {
		t.Fatal(err)
	}
	pages := papertest.Read(t, file)
	if len(pages) < 4 {
		t.Fatalf("%d pages", len(pages))
	}
	next := 0
	for i, p := range pages {
		text := p.Text()
		for _, word := range []string{"氏名", "講座・規程", "得点（%）", fmt.Sprintf("%d / %d", i+1, len(pages)), "見本コンタクトセンター"} {
			if !strings.Contains(text, word) {
				t.Errorf("page %d does not say %q", i+1, word)
			}
		}
		if strings.Contains(text, "受講記録") != (i == 0) {
			t.Errorf("page %d: %.60s", i+1, text)
		}
		for ; next < len(rows) && strings.Contains(text, rows[next][0]+rows[next][1]+rows[next][2]); next++ {
		}
	}
	if next != len(rows) {
		t.Errorf("row %d is on no page", next)
	}
	again, err := papers.Make(paper(rows))
	if err != nil || !bytes.Equal(file, again) {
		t.Error("the same paper is another file")
	}
}

func TestAnEmptyListSaysSo(t *testing.T) {
	file, err := papers.Make(paper(nil))
	if err != nil {
		t.Fatal(err)
	}
	if pages := papertest.Read(t, file); len(pages) != 1 || !strings.Contains(pages[0].Text(), "記録はありません。") {
		t.Errorf("%q", pages)
	}
}

// What somebody wrote into a name is drawn and does nothing: it ends no string,
// begins no object, and no line of it leaves the paper.
func TestHostileTextIsText(t *testing.T) {
	hostile := []string{
		") Tj ET /JS (app.alert(1)) BT (", "endstream\nendobj\n1 0 obj << /OpenAction >>", "\\)\\", "%%EOF", "<</S/JavaScript>>", "> Tj <",
		"\x00\x01\x1b[31m", "\u202eexe.fdp", "\xff\xfe", "𠮷野家の 辻\U000E0100", "ｶﾅ", strings.Repeat("a", 10_000), strings.Repeat("長い名前、", 2_000), "", " ", "\r\n",
	}
	rows := [][]string{}
	for _, h := range hostile {
		rows = append(rows, []string{h, h, h})
	}
	p := paper(rows)
	p.Title, p.Foot, p.Facts[0] = hostile[0], hostile[1], papers.Fact{Label: hostile[4], Value: hostile[2]}
	p.Language = "ja) /OpenAction ("
	file, err := papers.Make(p)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, page := range papertest.Read(t, file) {
		for _, line := range page {
			if !utf8.ValidString(line) || strings.ContainsAny(line, "\x00\x1b\n\r\u202e") {
				t.Errorf("%q is drawn", line)
			}
			text += line
		}
	}
	for _, want := range []string{"/JS", "𠮷野家の 辻", "ｶﾅ", "…", "%%EOF"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not drawn", want)
		}
	}
	plain := regexp.MustCompile(`(?s)stream\n.*?\nendstream`).ReplaceAll(file, nil)
	for _, no := range []string{"/JS", "/JavaScript", "/OpenAction", "/AA", "/URI", "/EmbeddedFile", "/AcroForm", "alert"} {
		if bytes.Contains(plain, []byte(no)) {
			t.Errorf("the file has %s", no)
		}
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	for name, change := range map[string]func(*papers.Paper){
		"too many rows": func(p *papers.Paper) { p.Parts[0].Rows = make([][]string, papers.MaxRows+1) }, "no columns": func(p *papers.Paper) { p.Parts[0].Columns = nil },
		"a short row":      func(p *papers.Paper) { p.Parts[0].Rows = [][]string{{"a"}} },
		"too many columns": func(p *papers.Paper) { p.Parts[0].Columns = make([]papers.Column, 17) },
		"no parts":         func(p *papers.Paper) { p.Parts = nil }, "too many parts": func(p *papers.Paper) { p.Parts = make([]papers.Part, 201) },
	} {
		p := paper(nil)
		change(&p)
		if file, err := papers.Make(p); sekisho.CodeOf(err) != "paper.too_long" || file != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := paper([][]string{{"a", "b", "c"}})
	p.Parts[0].Columns[0].Share = -1
	if file, err := papers.Make(p); err != nil || len(papertest.Read(t, file)) != 1 {
		t.Error(err)
	}
}

// Every part has its own columns, and its title goes to the next page with it.
func TestPartsFollowEachOther(t *testing.T) {
	p := paper(nil)
	p.Parts = nil
	for i := range 40 {
		p.Parts = append(p.Parts, papers.Part{
			Title: fmt.Sprintf("第%d部", i+1), Lead: "作成時の記録です。", Columns: make([]papers.Column, 1+i%4), Rows: [][]string{slices.Repeat([]string{fmt.Sprintf("値%d", i)}, 1+i%4)},
		})
	}
	file, err := papers.Make(p)
	if err != nil {
		t.Fatal(err)
	}
	pages := papertest.Read(t, file)
	for i := range 40 {
		title, value := fmt.Sprintf("第%d部", i+1), fmt.Sprintf("値%d", i)
		if !slices.ContainsFunc(pages, func(p papertest.Page) bool { return slices.Contains(p, title) && slices.Contains(p, value) }) {
			t.Errorf("%s does not stand on the page of what it heads", title)
		}
	}
	if len(pages) < 3 {
		t.Errorf("%d pages", len(pages))
	}
}

func FuzzMake(f *testing.F) {
	f.Add("受講記録", "見本 花子", "a b c")
	f.Add("\xff", ")>\\", strings.Repeat("、", 300))
	f.Fuzz(func(t *testing.T, title, cell, other string) {
		if len(title)+len(cell)+len(other) > 4_000 {
			return
		}
		p := paper([][]string{{cell, other, title}, {other, cell, cell}})
		p.Title, p.Foot = title, cell
		file, err := papers.Make(p)
		if err != nil {
			t.Fatal(err)
		}
		papertest.Read(t, file)
	})
}
