package training

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestLoosensCourse(t *testing.T) {
	base := Course{ID: "home", Title: wire.Words{JA: "基本", EN: "Basics"}, Draw: 15, PassPercent: 80, Pause: 10 * time.Minute, ValidMonths: 12, Required: true, Version: 1}
	for name, test := range map[string]struct {
		change func(*Course)
		want   string // fields that loosen
	}{
		"nothing":        {func(*Course) {}, ""},
		"a lower mark":   {func(c *Course) { c.PassPercent = 79 }, "course.pass_percent"},
		"a higher mark":  {func(c *Course) { c.PassPercent = 81 }, ""},
		"fewer":          {func(c *Course) { c.Draw = 1 }, "course.draw"},
		"more":           {func(c *Course) { c.Draw = 16 }, ""},
		"no pause":       {func(c *Course) { c.Pause = 0 }, "course.pause_min"},
		"a longer pause": {func(c *Course) { c.Pause = time.Hour }, ""},
		"longer":         {func(c *Course) { c.ValidMonths = 36 }, "course.valid_months"},
		"shorter":        {func(c *Course) { c.ValidMonths = 1 }, ""},
		"not required":   {func(c *Course) { c.Required = false }, "course.required"},
		"another name":   {func(c *Course) { c.Title.JA = "別の名前" }, ""},
		"in company":     {func(c *Course) { c.PassPercent, c.Draw, c.Title.JA = 50, 60, "別の名前" }, "course.pass_percent"},
	} {
		next := base
		test.change(&next)
		got := []string{}
		for _, d := range loosensCourse(base, next) {
			if !d.Beside {
				got = append(got, d.Field)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	free := base
	free.Required = false
	if got := loosensCourse(free, Course{Draw: 1, PassPercent: 50, ValidMonths: 36, Required: true}); got != nil {
		t.Errorf("a course that nobody had to take: %+v", got)
	}
}

// What is judged is the version that would be replaced.
func TestLoosensCourseInForce(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	all, err := r.Courses(t.Context())
	r.must(err)
	c := all[0]
	c.PassPercent--
	got, err := r.LoosensCourse(t.Context(), c)
	if r.must(err); len(got) == 0 {
		t.Fatal("a lower mark loosens nothing")
	}
	c.Version++
	_, err = r.LoosensCourse(t.Context(), c)
	r.refused(err, "training.changed_meanwhile")
	said := sekisho.Fail(sekisho.KindDenied, "act.not_confirmed")
	c.Version--
	_, err = r.PutCourseSeconded(t.Context(), "admin", c, func(context.Context, storage.Tx) error { return said })
	r.refused(err, "act.not_confirmed")
	if now, err := r.Courses(t.Context()); err != nil || now[0].PassPercent != all[0].PassPercent {
		t.Errorf("refused in its transaction, and changed: %v", err)
	}
}
