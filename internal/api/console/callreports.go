package console

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	shownSpans   = 500 // rows on a page; a file has all
	daysOfSpans  = 31  // counted by spans shorter than a day
	spanOfOneDay = 24 * time.Hour
)

var errPeriod = sekisho.Fail(sekisho.KindInvalid, "acd.period")

type askReport struct {
	From   string           `query:"from" required:"true" minLength:"10" maxLength:"10" doc:"first day, in Japan: 2026-11-01"`
	To     string           `query:"to" required:"true" minLength:"10" maxLength:"10" doc:"last day, inclusive"`
	Span   string           `query:"span" required:"true" enum:"15,30,60,1440" doc:"minutes; by less than a day at most 31 days"`
	By     string           `query:"by" required:"true" enum:"queue,work,client"`
	Client sekisho.ClientID `query:"client" maxLength:"64"`
	Work   sekisho.WorkID   `query:"work" maxLength:"64"`
	Queue  sekisho.QueueID  `query:"queue" maxLength:"64"`
}

// SpanView is what was counted of a queue, a work or a client company in one span.
type SpanView struct {
	From    time.Time   `json:"from"`
	Client  string      `json:"client" doc:"name"`
	Work    string      `json:"work" doc:"name; empty of a client as a whole"`
	Queue   string      `json:"queue" doc:"name; empty of a work as a whole"`
	Figures FiguresView `json:"figures"`
}

// CallReportView answers GET /calls/report.
type CallReportView struct {
	Found   int          `json:"found" doc:"rows, of which the first 500 are here; a file has all"`
	Rows    []SpanView   `json:"rows" nullable:"false"`
	Choices []ChoiceView `json:"choices" nullable:"false" doc:"what can be asked for"`
}

// ChoiceView is a client company with its works that the caller may choose.
type ChoiceView struct {
	ID    sekisho.ClientID `json:"id"`
	Name  string           `json:"name"`
	Works []HeardWorkView  `json:"works" nullable:"false"`
}

// HeardWorkView is one of its works.
type HeardWorkView struct {
	ID   sekisho.WorkID `json:"id"`
	Name string         `json:"name"`
}

// japanDays gives the moments from the first day's begin to the last day's end.
func japanDays(first, last string) (from, to time.Time, err error) {
	if from, err = clients.ParseDay(first); err != nil {
		return from, to, err
	}
	to, err = clients.ParseDay(last)
	return from, to.AddDate(0, 0, 1), err
}

// choices are the client companies and works that a sight holds.
func (d *Door) choices(ctx context.Context, s sight) ([]ChoiceView, error) {
	list, err := d.clients.List(ctx)
	if err != nil {
		return nil, err
	}
	out := []ChoiceView{}
	for _, c := range list {
		f, err := d.clients.Get(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		one := ChoiceView{ID: c.ID, Name: c.Name, Works: []HeardWorkView{}}
		for _, w := range f.Works {
			if s.sees(w.ID) {
				one.Works = append(one.Works, HeardWorkView{ID: w.ID, Name: w.Name})
			}
		}
		if s.all || len(one.Works) > 0 {
			out = append(out, one)
		}
	}
	return out, nil
}

// spans counts what is asked for, as far as the caller answers for it.
func (d *Door) spans(ctx context.Context, in *askReport) ([]SpanView, error) {
	s, err := d.sight(ctx)
	if err != nil {
		return nil, err
	}
	from, to, err := japanDays(in.From, in.To)
	if err != nil {
		return nil, err
	}
	minutes, err := strconv.Atoi(in.Span)
	if err != nil {
		return nil, errMalformed
	}
	span := time.Duration(minutes) * time.Minute
	if span < spanOfOneDay && to.Sub(from) > daysOfSpans*spanOfOneDay {
		return nil, errPeriod
	}
	tally, err := d.callFloor.Count(ctx, from, to, span)
	if err != nil {
		return nil, err
	}
	names, err := d.workNames(ctx)
	if err != nil {
		return nil, err
	}
	cells := slices.DeleteFunc(tally.Queues(), func(c acd.Cell) bool {
		return !s.sees(c.Work) || in.Client != "" && c.Client != in.Client || in.Work != "" && c.Work != in.Work || in.Queue != "" && c.Queue != in.Queue
	})
	rows := []SpanView{}
	for _, c := range gathered(cells, in.By) {
		rows = append(rows, SpanView{From: c.From, Client: names.clients[c.Client], Work: names.works[c.Work], Queue: names.queues[c.Queue], Figures: figuresView(c.Figures)})
	}
	return rows, nil
}

// gathered adds up cells, which come by span, client and work, of one work or client.
func gathered(cells []acd.Cell, by string) (out []acd.Cell) {
	for _, c := range cells {
		switch by {
		case "client":
			c.Queue, c.Work = "", ""
		case "work":
			c.Queue = ""
		}
		if n := len(out) - 1; n >= 0 && by != "queue" && out[n].From.Equal(c.From) && out[n].Client == c.Client && out[n].Work == c.Work {
			out[n].Figures = out[n].Plus(c.Figures)
			continue
		}
		out = append(out, c)
	}
	return out
}

func (d *Door) callReport(ctx context.Context, in *askReport) (*answer[CallReportView], error) {
	rows, err := d.spans(ctx, in)
	if err != nil {
		return nil, err
	}
	s, err := d.sight(ctx)
	if err != nil {
		return nil, err
	}
	choices, err := d.choices(ctx, s)
	return reply(CallReportView{Found: len(rows), Rows: rows[:min(len(rows), shownSpans)], Choices: choices}, err)
}

var reportHead = wire.Words{
	JA: "開始（日本時間）,委託元,業務,待ち呼の列,着信,応答,目標内の応答,放棄,短い放棄,折り返し予約,あふれ,その他の離脱,満杯で受けず,応答なし,対応の終了,サービスレベル（%）,放棄率（%）,平均処理時間（秒）,平均応答速度（秒）,最長の待ち（秒）",
	EN: "From (Japan time),Client,Work,Queue,Queued,Answered,In target,Abandoned,Short abandons,Callbacks,Overflowed,Otherwise left,Turned away,Missed,Handled,Service level (%),Abandon rate (%),AHT (s),ASA (s),Longest wait (s)",
}

func (d *Door) callReportFile(ctx context.Context, in *askReport) (*download, error) {
	rows, err := d.spans(ctx, in)
	if err != nil {
		return nil, err
	}
	table := [][]string{strings.Split(reportHead.In(tongue(ctx)), ",")}
	for _, r := range rows {
		f := r.Figures
		row := []string{japanStamp(r.From), r.Client, r.Work, r.Queue}
		for _, n := range []int{f.Queued, f.Answered, f.InTarget, f.Abandoned, f.Short, f.Callbacks, f.Overflowed, f.LeftBehind, f.TurnedAway, f.Missed, f.Handled} {
			row = append(row, strconv.Itoa(n))
		}
		table = append(table, append(row, decimal(f.ServiceLevel, 100), decimal(f.AbandonRate, 100), decimal(f.AHT, 1), decimal(f.ASA, 1), strconv.Itoa(f.Longest)))
	}
	body, err := spreadsheet(table)
	if err != nil {
		return nil, err
	}
	return file("text/csv; charset=utf-8", "sekisho-calls-"+in.From+"-"+in.To+".csv", body), nil
}

// decimal writes a figure with one digit after the point; of an unknown one nothing.
func decimal(v *float64, times float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v*times, 'f', 1, 64)
}

// spreadsheet writes a table. A spreadsheet must not run what somebody wrote into a
// name: such values begin with an apostrophe (OWASP, CSV injection).
func spreadsheet(table [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // by which spreadsheets know UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range table {
		for i := range row {
			row[i] = searches.Neutral(row[i])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// tongue is the language of a file.
func tongue(ctx context.Context) string {
	if wire.English(callerOf(ctx).language) {
		return "en"
	}
	return "ja"
}
