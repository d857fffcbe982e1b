package training

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// maxCourses bounds what anybody may be asked to take.
const maxCourses = 50

// Courses lists every course.
func (r *Training) Courses(ctx context.Context) (out []Course, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = courses(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("training: courses: %w", err)
	}
	return out, nil
}

// Questions lists the pool of a course, with its key.
func (r *Training) Questions(ctx context.Context, id sekisho.CourseID) (c Course, out []Question, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if c, err = course(ctx, tx, id); err != nil {
			return err
		}
		out, err = pool(ctx, tx, id)
		return err
	})
	if err != nil {
		return Course{}, nil, fmt.Errorf("training: questions: %w", err)
	}
	return c, out, nil
}

// PutCourse is PutCourseSeconded without a second person.
func (r *Training) PutCourse(ctx context.Context, by sekisho.PersonID, c Course) (Course, error) {
	return r.PutCourseSeconded(ctx, by, c, nil)
}

// PutCourseSeconded makes a course (without an id) or changes one; Version is the one
// that was seen. A course that is newly required has its time of grace from now on.
func (r *Training) PutCourseSeconded(ctx context.Context, by sekisho.PersonID, c Course, second storage.Second) (Course, error) {
	if err := c.valid(); err != nil {
		return Course{}, err
	}
	var out Course
	err := r.db.Write(ctx, func(tx storage.Tx) (err error) {
		now := r.clk.Now()
		next := c
		kind := "course.changed"
		if next.ID == "" {
			next.ID, next.Version, next.Since, kind = sekisho.CourseID(wire.NewID()), 1, now, "course.created"
			if err := r.insertNew(ctx, tx, next); err != nil {
				return err
			}
		} else if err := r.change(ctx, tx, &next); err != nil {
			return err
		}
		if out, err = course(ctx, tx, next.ID); err != nil {
			return err
		}
		if err := second.Said(ctx, tx); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, courseRow(kind, by, out))
	})
	if err != nil {
		return Course{}, fmt.Errorf("training: put course: %w", err)
	}
	return out, nil
}

func (r *Training) insertNew(ctx context.Context, tx storage.Tx, c Course) error {
	if c.Required {
		return errPool // it has no questions yet
	}
	have, err := courses(ctx, tx)
	if err != nil {
		return err
	}
	if len(have) >= maxCourses {
		return errCourse
	}
	return insertCourse(ctx, tx, c)
}

func (r *Training) change(ctx context.Context, tx storage.Tx, next *Course) error {
	was, err := course(ctx, tx, next.ID)
	if err != nil {
		return err
	}
	if next.Required && was.Pool < next.Draw {
		return errPool
	}
	seen := next.Version
	next.Version, next.Since = seen+1, was.Since
	if next.Required && !was.Required {
		next.Since = r.clk.Now()
	}
	ok, err := saveCourse(ctx, tx, *next, seen)
	if err == nil && !ok {
		err = errChanged
	}
	return err
}

func courseRow(kind string, by sekisho.PersonID, c Course) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "course", ID: string(c.ID)}, Decision: audit.Allow,
		Detail: map[string]string{
			"version": strconv.Itoa(c.Version), "required": strconv.FormatBool(c.Required), "questions": strconv.Itoa(c.Pool),
			"draw": strconv.Itoa(c.Draw), "pass_percent": strconv.Itoa(c.PassPercent), "valid_months": strconv.Itoa(c.ValidMonths),
		},
	}
}

var errDry = errors.New("training: only looked at") // rolls the transaction back

// Import adds the questions of a GIFT file to a course, all of them or none. With
// dry it only says what would happen. Faults are the file's; err is anything else.
func (r *Training) Import(ctx context.Context, by sekisho.PersonID, id sekisho.CourseID, text string, dry bool) (n int, faults []Fault, err error) {
	read, faults := readGIFT(text)
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		c, err := course(ctx, tx, id)
		if err != nil || len(faults) > 0 {
			return err
		}
		have, err := pool(ctx, tx, id)
		if err != nil {
			return err
		}
		if faults = clashes(have, read); len(faults) > 0 || dry {
			return errDry
		}
		for i, q := range read {
			q.ID = sekisho.QuestionID(wire.NewID())
			if err := insertQuestion(ctx, tx, id, len(have)+i, q.Question); err != nil {
				return err
			}
		}
		c.Pool += len(read)
		return r.log.Append(ctx, tx, courseRow("course.imported", by, c))
	})
	if err != nil && !errors.Is(err, errDry) {
		return 0, nil, fmt.Errorf("training: import: %w", err)
	}
	if len(faults) > 0 {
		return 0, faults, nil
	}
	return len(read), nil, nil
}

// clashes are the faults that a file has beside the pool it goes to.
func clashes(have []Question, read []imported) (faults []Fault) {
	if len(have)+len(read) > maxQuestions {
		return []Fault{{1, faultTooMany}}
	}
	known := map[string]bool{}
	for _, q := range have {
		known[q.Text.JA] = true
	}
	for _, q := range read {
		if known[q.Text.JA] && len(faults) < maxFaults {
			faults = append(faults, Fault{q.line, faultTwice})
		}
	}
	return faults
}

// Retire takes a question out of the pool. Attempts that drew it keep it. The
// pool of a required course never becomes smaller than what is drawn from it.
func (r *Training) Retire(ctx context.Context, by sekisho.PersonID, q sekisho.QuestionID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		id, err := courseOf(ctx, tx, q)
		if err != nil {
			return err
		}
		c, err := course(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Required && c.Pool <= c.Draw {
			return errPool
		}
		ok, err := retire(ctx, tx, q, r.clk.Now())
		if err != nil {
			return err
		}
		if !ok {
			return errNoQuestion
		}
		c.Pool--
		return r.log.Append(ctx, tx, courseRow("course.question_retired", by, c))
	})
	if err != nil {
		return fmt.Errorf("training: retire: %w", err)
	}
	return nil
}
