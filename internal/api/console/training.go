package console

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

type putTrainingRules struct{ Body TrainingRulesView }

type courseBody struct {
	Title       wire.Words `json:"title"`
	Draw        int        `json:"draw"`
	PassPercent int        `json:"pass_percent"`
	PauseMin    int        `json:"pause_min"`
	ValidMonths int        `json:"valid_months"`
	Required    bool       `json:"required"`
	Version     int        `json:"version" doc:"the one that was seen; 0 for a new course"`
}

type makeCourse struct{ Body courseBody }

type putCourse struct {
	ByID
	Body courseBody
}

type importQuestions struct {
	ByID
	Body struct {
		Text string `json:"text" doc:"a file in Moodle's GIFT format"`
		Dry  bool   `json:"dry" doc:"only say what would happen"`
	}
}

func (d *Door) trainingRoutes(api huma.API) {
	add(api, "GET /training", "Who has what training until when", d.trainingOfAll)
	add(api, "GET /training/people/{id}", "What is asked of one person, and how far he is", d.trainingOfOne)
	add(api, "PUT /training/rules", "Put the next version of what is asked of everybody; version is the one that was seen", d.putTrainingRules)
	add(api, "GET /training/records", "The records of all or of one person, as CSV (UTF-8 with BOM, formulas neutralised) or PDF; that they were taken is in the log first", d.trainingRecords)
	add(api, "GET /training/courses", "Courses", d.listCourses)
	add(api, "POST /training/courses", "Make a course", d.makeCourse)
	add(api, "PUT /training/courses/{id}", "Change a course; version is the one that was seen", d.putCourse)
	add(api, "GET /training/courses/{id}/questions", "The pool of a course with its key", d.listQuestions)
	add(api, "POST /training/courses/{id}/import", "Add the questions of a GIFT file, all or none", d.importQuestions)
	add(api, "POST /training/questions/{id}/retire", "Take a question out of its pool", d.retireQuestion)
}

// titles names courses and documents by id.
func (d *Door) titles(ctx context.Context) (map[string]wire.Words, error) {
	courses, err := d.training.Courses(ctx)
	if err != nil {
		return nil, err
	}
	documents, err := d.training.Documents(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]wire.Words{}
	for _, c := range courses {
		out["course "+string(c.ID)] = c.Title
	}
	for _, doc := range documents {
		out["document "+string(doc.ID)] = doc.Title
	}
	return out, nil
}

func (v *TrainedPersonView) fill(s training.Standing, now time.Time) {
	v.State = string(s.State(now))
	v.Due = moment(dueOf(s, now))
	v.Practice = "none"
	for _, n := range s.Needs {
		if n.Practice {
			if v.Practice = "open"; !n.Done.IsZero() {
				v.Practice = "done"
			}
			continue
		}
		all, done := &v.Documents, &v.DocumentsDone
		if n.Course != "" {
			all, done = &v.Courses, &v.CoursesDone
		}
		if *all++; !n.Done.IsZero() {
			*done++
		}
	}
}

// trainingOfOne tells what is asked of one person, one by one.
func (d *Door) trainingOfOne(ctx context.Context, in *ByID) (*answer[PersonTrainingView], error) {
	p, err := d.people.Get(ctx, sekisho.PersonID(in.ID))
	if err != nil {
		return nil, err
	}
	titles, err := d.titles(ctx)
	if err != nil {
		return nil, err
	}
	standings, err := d.training.People(ctx, []sekisho.PersonID{p.ID})
	s, now := standings[p.ID], d.clk.Now()
	out := PersonTrainingView{Needs: make([]NeedView, 0, len(s.Needs))}
	for _, n := range s.Needs {
		need := NeedView{
			Kind: "course", ID: string(n.Course), Version: n.Version, State: string(n.State(s.Rules, now)),
			Done: moment(n.Done), Until: moment(n.Until),
		}
		switch {
		case n.Practice:
			need.Kind, need.Title = "practice", practiceTitle
		case n.Course == "":
			need.Kind, need.ID = "document", string(n.Document)
		}
		if !n.Practice {
			need.Title = titles[need.Kind+" "+need.ID]
		}
		if !s.Since.IsZero() {
			need.Due = moment(n.Due)
		}
		out.Needs = append(out.Needs, need)
	}
	return reply(out, err)
}

func rulesView(r training.Rules) TrainingRulesView {
	return TrainingRulesView{
		Version: r.Version, Required: r.Required, GraceDays: r.GraceDays, RemindDays: r.RemindDays, Practice: r.Practice, PracticeMonths: r.PracticeMonths,
	}
}

func (d *Door) putTrainingRules(ctx context.Context, in *putTrainingRules) (*answer[TrainingRulesView], error) {
	b := in.Body
	return dangerous[TrainingRulesView](ctx, d, approvals.ActTraining, training.Rules{
		Version: b.Version, Required: b.Required, GraceDays: b.GraceDays, RemindDays: b.RemindDays, Practice: b.Practice, PracticeMonths: b.PracticeMonths,
	})
}

func courseView(c training.Course) CourseView {
	return CourseView{
		ID: c.ID, Title: c.Title, Draw: c.Draw, PassPercent: c.PassPercent, PauseMin: int(c.Pause / time.Minute),
		ValidMonths: c.ValidMonths, Required: c.Required, Version: c.Version, Pool: c.Pool,
	}
}

func (d *Door) listCourses(ctx context.Context, _ *struct{}) (*answer[CoursesView], error) {
	list, err := d.training.Courses(ctx)
	out := CoursesView{Courses: make([]CourseView, 0, len(list))}
	for _, c := range list {
		out.Courses = append(out.Courses, courseView(c))
	}
	return reply(out, err)
}

// maxPauseMin keeps the sum of minutes in a Duration; the room has the real bound.
const maxPauseMin = 1 << 20

func (d *Door) saveCourse(ctx context.Context, id sekisho.CourseID, b courseBody) (*answer[CourseView], error) {
	return dangerous[CourseView](ctx, d, approvals.ActCourse, training.Course{
		ID: id, Title: b.Title, Draw: b.Draw, PassPercent: b.PassPercent, Pause: time.Duration(min(b.PauseMin, maxPauseMin)) * time.Minute,
		ValidMonths: b.ValidMonths, Required: b.Required, Version: b.Version,
	})
}

func (d *Door) makeCourse(ctx context.Context, in *makeCourse) (*answer[CourseView], error) {
	return d.saveCourse(ctx, "", in.Body)
}

func (d *Door) putCourse(ctx context.Context, in *putCourse) (*answer[CourseView], error) {
	if in.ID == "" {
		return nil, errNotFound
	}
	return d.saveCourse(ctx, sekisho.CourseID(in.ID), in.Body)
}

func (d *Door) listQuestions(ctx context.Context, in *ByID) (*answer[QuestionsView], error) {
	c, list, err := d.training.Questions(ctx, sekisho.CourseID(in.ID))
	out := QuestionsView{Course: courseView(c), Questions: make([]QuestionView, 0, len(list))}
	for _, q := range list {
		v := QuestionView{ID: q.ID, Text: q.Text, Options: make([]OptionView, 0, len(q.Options)), Explain: q.Explain, Rule: q.Rule}
		for _, o := range q.Options {
			v.Options = append(v.Options, OptionView(o))
		}
		out.Questions = append(out.Questions, v)
	}
	return reply(out, err)
}

// importQuestions says what is wrong by line, in the caller's language: a file
// with a fault is an answer and no refusal.
func (d *Door) importQuestions(ctx context.Context, in *importQuestions) (*answer[ImportView], error) {
	n, faults, err := d.training.Import(ctx, callerOf(ctx).who.Person, sekisho.CourseID(in.ID), in.Body.Text, in.Body.Dry)
	out := ImportView{Questions: n, Stored: err == nil && n > 0 && !in.Body.Dry, Faults: make([]FaultView, 0, len(faults))}
	for _, f := range faults {
		v := FaultView{Line: f.Line, Code: f.Code}
		t := wire.TextOf(f.Code)
		v.Title, v.Action = t.JA, t.JADo
		if wire.English(callerOf(ctx).language) {
			v.Title, v.Action = t.EN, t.ENDo
		}
		out.Faults = append(out.Faults, v)
	}
	return reply(out, err)
}

func (d *Door) retireQuestion(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.training.Retire(ctx, callerOf(ctx).who.Person, sekisho.QuestionID(in.ID))
}
