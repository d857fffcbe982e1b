package readiness

import (
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/wire"
)

func TestLoosens(t *testing.T) {
	base := Builtin()
	base.Questions = append(base.Questions, wire.RoomQuestion{ID: "desk", Text: wire.Words{JA: "机がある。", EN: "There is a desk."}})
	for name, test := range map[string]struct {
		change func(*Rules)
		want   string // fields that loosen
	}{
		"nothing":              {func(*Rules) {}, ""},
		"no photograph":        {func(r *Rules) { r.Photo = PhotoNone }, "room.photo"},
		"a photograph":         {func(r *Rules) { r.Photo = PhotoRequired }, ""},
		"longer":               {func(r *Rules) { r.ValidMonths = 24 }, "room.valid_months"},
		"shorter":              {func(r *Rules) { r.ValidMonths = 1 }, ""},
		"late":                 {func(r *Rules) { r.LateDays = 90 }, "room.late_days"},
		"pictures kept longer": {func(r *Rules) { r.KeepDays = 730 }, "room.keep_days"},
		"a question gone":      {func(r *Rules) { r.Questions = r.Questions[1:] }, "room.question"},
		"no yes needed":        {func(r *Rules) { r.Questions[0].Needed = false }, "room.question"},
		"a yes needed":         {func(r *Rules) { r.Questions[len(r.Questions)-1].Needed = true }, ""},
		"other words":          {func(r *Rules) { r.Questions[0].Text.JA = "部屋がある。" }, "room.question"},
		"other words in en":    {func(r *Rules) { r.Questions[0].Text.EN = "I have a room." }, "room.question"},
		"another name":         {func(r *Rules) { r.Questions[0].ID = "alone" }, "room.question"},
		"one more":             {func(r *Rules) { r.Questions = append(r.Questions, wire.RoomQuestion{ID: "door"}) }, ""},
		"another order":        {func(r *Rules) { slices.Reverse(r.Questions) }, ""},
	} {
		next := base
		next.Questions = slices.Clone(base.Questions)
		test.change(&next)
		got := []string{}
		for _, d := range loosens(base, next) {
			if !d.Beside {
				got = append(got, d.Field)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
