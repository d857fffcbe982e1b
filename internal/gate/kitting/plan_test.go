package kitting

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sheets"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// world answers for the other rooms; devices and loans test what they do themselves.
type world struct {
	tags map[string]bool
	kits int
}

func (w *world) Tags(context.Context) (map[string]bool, error) { return w.tags, nil }

func (w *world) Check(a Asset) error {
	if len(a.Tag) > 64 {
		return errors.New("too long")
	}
	return nil
}

func (w *world) Kit(ctx context.Context, _ audit.Actor, assets []Asset, _ string, also func(context.Context, storage.Tx, int, sekisho.DeviceID) error) (out []Kitted, err error) {
	w.kits++
	for i := range assets {
		d := sekisho.DeviceID(fmt.Sprint("pc", i))
		if err := also(ctx, nil, i, d); err != nil {
			return nil, err
		}
		out = append(out, Kitted{Device: d, Code: wire.EnrolmentCode{Server: "gate.example:8444"}})
	}
	return out, nil
}

func (w *world) Begin(_ context.Context, _ storage.Tx, _ audit.Actor, d sekisho.DeviceID, items []string) (string, error) {
	return fmt.Sprintf("card of %s with %d", d, len(items)), nil
}

func (w *world) Items(names []string) ([]string, error) {
	if len(names) > 3 {
		return nil, sekisho.Fail(sekisho.KindInvalid, "loan.items")
	}
	return names, nil
}

func (w *world) Issuable(context.Context) (map[string]Person, error) {
	return map[string]Person{
		"op-1": {ID: "1", Name: "見本 一", Place: sekisho.PlaceHome, May: true}, "op-2": {ID: "2", Name: "見本 二", Place: sekisho.PlaceOffice, May: true},
		"gone": {ID: "3", Name: "見本 三"},
	}, nil
}

func (w *world) List(context.Context) ([]wire.GuardPolicy, error) {
	return []wire.GuardPolicy{{Name: "home", Place: sekisho.PlaceHome}, {Name: "office", Place: sekisho.PlaceOffice}, {Name: "strict", Place: sekisho.PlaceHome}}, nil
}

func room() (*Kitting, *world) {
	w := &world{tags: map[string]bool{"PC-9": true}}
	return New(w, w, w, w), w
}

func fate(r Row) string {
	if len(r.Faults) == 0 {
		return fmt.Sprintf("%s %s %s %s %d", r.Asset.Tag, r.Asset.Person, r.Asset.Place, r.Asset.Policy, len(r.Items))
	}
	words := []string{}
	for _, f := range r.Faults {
		words = append(words, f.Field+":"+f.Code)
	}
	return strings.Join(words, " ")
}

func TestEveryRowsFate(t *testing.T) {
	k, _ := room()
	head := "資産番号,機種,ログインID,場所,ポリシー,付属品\n"
	for row, want := range map[string]string{
		"PC-1,見本,op-1,,,": "PC-1 1 home home 0",
		"ＰＣ－１,見本,OP-2,,,ヘッドセット・ワイヤーロック": "PC-1 2 office office 2",
		"PC-1,,op-2,自宅,strict,":               "PC-1 2 home strict 0",
		"PC-1,,op-2,,strict,":                 "PC-1 2 home strict 0",
		"PC-1,,op-2,オフィス,strict,":             "policy:kitting.policy",
		"PC-1,,op-1,,none,":                   "policy:kitting.policy",
		"PC-1,,op-1,月面,,":                     "place:list.word",
		"PC-9,,op-1,,,":                       "tag:kitting.tag_used",
		",,op-1,,,":                           "tag:list.missing",
		"PC-1,,,,,":                           "login:list.missing",
		"PC-1,,nobody,,,":                     "login:kitting.person",
		"PC-1,,gone,,,":                       "login:kitting.person",
		"PC-1,,op-1,,,a・b・c・d":                "items:loan.items",
		"=PC,,op-1,,,":                        "tag:list.formula",
		"PC-1,op-1":                           ":list.width",
		strings.Repeat("x", 65) + ",,op-1,,,": "tag:kitting.tag",
	} {
		p, err := k.Plan(t.Context(), []byte(head+row+"\n"))
		if err != nil || len(p.Rows) != 1 || fate(p.Rows[0]) != want {
			t.Errorf("%s: %v, %v, want %s", row, p.Rows, err, want)
		}
	}
	p, err := k.Plan(t.Context(), []byte(head+"A,,op-1,,,\nB,,op-2,,,\nA,,op-2,,,\n"))
	if err != nil || p.Refused() != 2 || p.Rows[0].Faults[0].Line != 4 || p.Rows[2].Faults[0].Line != 2 {
		t.Errorf("a tag twice: %+v, %v", p.Rows, err)
	}
	var many strings.Builder
	for i := range Most + 1 {
		fmt.Fprintf(&many, "X-%d,,op-1,,,\n", i)
	}
	if _, err := k.Plan(t.Context(), []byte(head+many.String())); sekisho.CodeOf(err) != "list.too_many" {
		t.Errorf("51 PCs: %v", err)
	}
}

// TestWhatWasShownIsDone: not another file, not half of one, and not after something changed.
func TestWhatWasShownIsDone(t *testing.T) {
	k, w := room()
	file := []byte("asset_tag,login,items\nPC-1,op-1,a・b\nPC-2,op-2,\n")
	p, err := k.Plan(t.Context(), file)
	if err != nil || w.kits != 0 {
		t.Fatalf("%v, %d kits by showing", err, w.kits)
	}
	apply := func(file []byte) error {
		_, err := k.Apply(t.Context(), audit.Actor{}, file, p.Seen, "gate.example:8444")
		return err
	}
	if err := apply(append(file, "PC-3,op-1,\n"...)); sekisho.CodeOf(err) != "kitting.changed" {
		t.Errorf("another file: %v", err)
	}
	w.tags["PC-2"] = true
	if err := apply(file); sekisho.CodeOf(err) != "kitting.changed" {
		t.Errorf("after a change: %v", err)
	}
	if p, err = k.Plan(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := apply(file); sekisho.CodeOf(err) != "list.refused_rows" || w.kits != 0 {
		t.Errorf("with a refused row: %v", err)
	}
	delete(w.tags, "PC-2")
	if p, err = k.Plan(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	slips, err := k.Apply(t.Context(), audit.Actor{}, file, p.Seen, "gate.example:8444")
	if err != nil || len(slips) != 2 || slips[0].Card != "card of pc0 with 2" || slips[1].Card != "card of pc1 with 0" || !strings.HasPrefix(slips[0].Code, "SK1-") {
		t.Fatalf("%+v, %v", slips, err)
	}
}

func FuzzPlan(f *testing.F) {
	f.Add([]byte("資産番号,ログインID\nPC-1,op-1\n"))
	f.Add([]byte("tag,login,place,policy,items\n=1,op-1,home,home,a\n"))
	k, _ := room()
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := k.Plan(t.Context(), file)
		if err != nil {
			if sekisho.KindOf(err) != sekisho.KindInvalid {
				t.Fatal(err)
			}
			return
		}
		for _, r := range p.Rows {
			if len(r.Faults) == 0 && (r.Asset.Person == "" || r.Asset.Policy == "" || r.Asset.Place == "" || r.Asset.Tag == "" || sheets.Computed(r.Asset.Tag)) {
				t.Fatalf("line %d passes: %+v", r.Line, r.Asset)
			}
		}
	})
}
