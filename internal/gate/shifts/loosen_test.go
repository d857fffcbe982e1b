package shifts

import (
	"strings"
	"testing"
)

// TestLoosens changes each rule in both directions.
func TestLoosens(t *testing.T) {
	base := Rules{Home: true, Office: true, Before: 15, After: 15, Zone: "Asia/Tokyo"}
	for name, test := range map[string]struct {
		change func(*Rules)
		want   string // fields that loosen, then those beside
	}{
		"nothing":       {func(*Rules) {}, "/"},
		"home":          {func(r *Rules) { r.Home = false }, "shifts.home/"},
		"office":        {func(r *Rules) { r.Office = false }, "shifts.office/"},
		"more before":   {func(r *Rules) { r.Before = 16 }, "shifts.before/"},
		"less before":   {func(r *Rules) { r.Before = 14 }, "/"},
		"more after":    {func(r *Rules) { r.After = 120 }, "shifts.after/"},
		"another zone":  {func(r *Rules) { r.Zone = "UTC" }, "shifts.zone/"},
		"and less":      {func(r *Rules) { r.Home, r.After = false, 0 }, "shifts.home/shifts.after"},
		"nothing bound": {func(r *Rules) { r.Home, r.Office = false, false }, "shifts.home shifts.office/"},
	} {
		next := base
		test.change(&next)
		if got := fields(base, next); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	free := Standard()
	for name, next := range map[string]Rules{
		"bound now":   {Home: true, Before: 15, After: 15, Zone: "Asia/Tokyo"},
		"more grace":  {Before: 120, After: 120, Zone: "Asia/Tokyo"},
		"other hours": {Before: 15, After: 15, Zone: "UTC"},
	} {
		if got := fields(free, next); got != "/" {
			t.Errorf("%s, where nobody was bound: %q", name, got)
		}
	}
}

func fields(old, next Rules) string {
	var weaker, beside []string
	for _, d := range loosens(old, next) {
		if d.Beside {
			beside = append(beside, d.Field)
		} else {
			weaker = append(weaker, d.Field)
		}
	}
	return strings.Join(weaker, " ") + "/" + strings.Join(beside, " ")
}
