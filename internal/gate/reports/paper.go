package reports

import (
	"strings"

	"github.com/sekisho/sekisho/internal/foundation/papers"
)

// paper is the same report as lists on paper: what stands on the page stands
// there, in the page's order.
func (d pageData) paper() papers.Paper {
	say := d.say
	p := papers.Paper{
		Language: d.Language, Title: say("title"), At: d.Report.At, Foot: say("made.by") + " " + d.Version + "  " + string(d.Report.ID),
		Facts: []papers.Fact{
			{Label: say("to"), Value: strings.TrimSpace(d.Report.Addressee + " " + say("honorific"))},
			{Label: say("span"), Value: d.Report.From + " " + say("until") + " " + d.Report.To},
			{Label: say("made"), Value: d.At}, {Label: say("id"), Value: string(d.Report.ID)},
		},
	}
	for _, f := range []papers.Fact{
		{Label: say("from"), Value: d.Centre.Name}, {Label: say("responsible"), Value: d.Centre.Responsible}, {Label: say("contact"), Value: d.Centre.Contact},
	} {
		if f.Value != "" {
			p.Facts = append(p.Facts, f)
		}
	}
	scope := say("scope")
	if d.Part {
		scope = say("scope.part")
	}
	p.Facts = append(p.Facts, papers.Fact{Label: say("about"), Value: scope}, papers.Fact{Label: say("proof"), Value: say("signed")})
	for _, s := range d.Sections {
		p.Parts = append(p.Parts, d.section(s)...)
	}
	for i, c := range d.Chapters {
		part := d.chapter(c)
		if i == 0 {
			part.Lead = say("controls.not")
		}
		part.Title = say("controls") + ": " + part.Title
		p.Parts = append(p.Parts, part)
	}
	rows := [][]string{{say("command"), "sekisho report verify FILE --key KEY"}, {say("key"), d.Key}}
	for _, line := range strings.Split(strings.TrimSpace(d.Checkpoint), "\n") {
		if line != "" {
			rows = append(rows, []string{say("checkpoint"), line})
		}
	}
	p.Parts = append(p.Parts, papers.Part{Title: say("verify"), Lead: say("verify.how") + " " + say("keep"), Columns: d.pair(), Rows: rows})
	return p
}

// say gives the page's own words.
func (d pageData) say(name string) string { return words[name].In(d.Language) }

// pair are the columns of labels and values.
func (d pageData) pair() []papers.Column {
	return []papers.Column{{Head: d.say("item"), Share: 2}, {Head: d.say("value"), Share: 3}}
}

// section is a source's facts, and a list for each of its tables.
func (d pageData) section(s Section) (out []papers.Part) {
	title, lead := s.Title.In(d.Language), s.Lead.In(d.Language)
	if len(s.Facts) > 0 || len(s.Tables) == 0 {
		part := papers.Part{Title: title, Lead: lead, Columns: d.pair(), Empty: d.say("none")}
		for _, f := range s.Facts {
			part.Rows = append(part.Rows, []string{f.Label.In(d.Language), f.Value.In(d.Language)})
		}
		out, lead = append(out, part), ""
	}
	for _, t := range s.Tables {
		part := papers.Part{Title: title + ": " + t.Label.In(d.Language), Lead: lead, Empty: d.say("none")}
		lead = ""
		wide := len(t.Heads)
		for _, row := range t.Rows {
			wide = max(wide, len(row))
		}
		part.Columns = make([]papers.Column, wide)
		for i := range part.Columns {
			part.Columns[i].Share = 1
		}
		for i, h := range t.Heads {
			part.Columns[i].Head = h.In(d.Language)
		}
		for _, row := range t.Rows {
			cells := make([]string, wide)
			for i, c := range row {
				cells[i] = c.In(d.Language)
			}
			part.Rows = append(part.Rows, cells)
		}
		out = append(out, part)
	}
	return out
}

// chapter is one standard of the map of controls.
func (d pageData) chapter(c chapter) papers.Part {
	part := papers.Part{Title: c.Name.In(d.Language)}
	if c.Numbered {
		part.Columns = append(part.Columns, papers.Column{Head: d.say("ref"), Share: 1})
	}
	part.Columns = append(part.Columns, papers.Column{Head: d.say("control"), Share: 5}, papers.Column{Head: d.say("fact"), Share: 8})
	for _, line := range c.Lines {
		facts := make([]string, 0, len(line.Facts))
		for _, f := range line.Facts {
			facts = append(facts, f.Label.In(d.Language)+": "+f.Value.In(d.Language))
		}
		if len(facts) == 0 {
			facts = []string{d.say("no.fact")}
		}
		cells := []string{line.Title.In(d.Language), strings.Join(facts, " / ")}
		if c.Numbered {
			cells = append([]string{line.Ref}, cells...)
		}
		part.Rows = append(part.Rows, cells)
	}
	return part
}
