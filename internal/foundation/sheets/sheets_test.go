package sheets

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"github.com/sekisho/sekisho"
)

var some = Columns{
	Words: map[string]string{"資産番号": "tag", "tag": "tag", "名前": "name", "name": "name", "other": "other"},
	Takes: []string{"tag", "name"}, Needs: []string{"tag"}, Most: 3,
}

func TestReadFoldsAndRefuses(t *testing.T) {
	cp932, err := japanese.ShiftJIS.NewEncoder().String("資産番号,名前\r\nＰＣ－１, 髙橋① \r\n")
	if err != nil {
		t.Fatal(err)
	}
	rows, encoding, err := Read([]byte(cp932), some)
	if err != nil || encoding != "shift_jis" || len(rows) != 1 || rows[0].Line != 2 || rows[0].Cells["tag"] != "PC-1" || rows[0].Cells["name"] != "髙橋1" {
		t.Fatalf("%+v, %s, %v", rows, encoding, err)
	}
	for file, code := range map[string]string{
		"":                             "list.empty",
		"tag\n":                        "list.empty",
		"tag\n \n":                     "list.empty",
		"name\na\n":                    "list.head",
		"tag,tag\na,b\n":               "list.head",
		"tag,資産番号\na,b\n":              "list.head",
		"tag,other\na,b\n":             "list.head",
		"tag\na\nb\nc\nd\n":            "list.too_many",
		"\xff\xfet\x00":                "list.encoding",
		strings.Repeat("a", MaxFile+1): "list.too_large",
	} {
		if _, _, err := Read([]byte(file), some); sekisho.CodeOf(err) != code {
			t.Errorf("%.20q: %v, want %s", file, err, code)
		}
	}
	for row, code := range map[string]string{
		"=1":                           "list.formula",
		"＝1":                           "list.formula",
		"\"\t1\"":                      "list.formula",
		"@x":                           "list.formula",
		strings.Repeat("あ", maxCell+1): "list.cell",
		"a,b":                          "list.width",
		"\"a":                          "list.syntax",
	} {
		rows, _, err := Read([]byte("tag\n"+row+"\n"), some)
		if err != nil || len(rows) != 1 || len(rows[0].Faults) != 1 || rows[0].Faults[0].Code != code {
			t.Errorf("%.20q: %+v, %v, want %s", row, rows, err, code)
		}
	}
}

// TestBlankRowsAreNotCounted: Excel writes rows of commas below a list that is full.
func TestBlankRowsAreNotCounted(t *testing.T) {
	for _, file := range []string{"tag,name\na,1\nb,2\nc,3\n,\n, \n\n,\n", "tag,name\n,\na,1\n,\nb,2\nc,3\n\u3000,"} {
		if rows, _, err := Read([]byte(file), some); err != nil || len(rows) != 3 {
			t.Errorf("%q: %d rows, %v", file, len(rows), err)
		}
	}
	if _, _, err := Read([]byte("tag,name\na,1\nb,2\nc,3\n,\nd,4\n"), some); sekisho.CodeOf(err) != "list.too_many" {
		t.Errorf("one too many after a blank row: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("tag,name\na,b\n"))
	f.Add([]byte("資産番号\n\"a\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, encoding, err := Read(file, some)
		if err != nil {
			if sekisho.KindOf(err) != sekisho.KindInvalid {
				t.Fatal(err)
			}
			return
		}
		if len(rows) == 0 || len(rows) > some.Most+1 || encoding == "" {
			t.Fatalf("%d rows in %q", len(rows), encoding)
		}
		for _, r := range rows {
			for name, cell := range r.Cells {
				if Computed(cell) || name == "other" {
					t.Fatalf("%s: %q", name, cell)
				}
			}
		}
	})
}
