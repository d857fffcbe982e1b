package console

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/wire"
)

// recordWords are the words of a record's table.
var recordWords = map[string]wire.Words{
	"head": {
		JA: "氏名,ログインID,講座・規程,版,結果,得点（%）,日時,有効期限,PC,本人の確認",
		EN: "Name,Login,Course or document,Version,Result,Score (%),When,Valid until,PC,Confirmed by",
	},
	training.ResultPassed:       {JA: "合格", EN: "Passed"},
	training.ResultFailed:       {JA: "不合格", EN: "Failed"},
	training.ResultPractised:    {JA: "練習を完了", EN: "Practised"},
	training.ResultAcknowledged: {JA: "規程を確認", EN: "Acknowledged"},
	"face":                      {JA: "本人認証（顔認証）", EN: "Face check"},
	"approved":                  {JA: "承認による接続", EN: "Approval"},
	"demo":                      {JA: "デモデータ", EN: "Demonstration data"},
	"":                          {JA: "未確認", EN: "Not confirmed"},
}

// trainingRecords hands out every record. A spreadsheet must not run what
// somebody wrote into a name: such values begin with an apostrophe (OWASP, CSV injection).
func (d *Door) trainingRecords(ctx context.Context, _ *struct{}) (*download, error) {
	records, err := d.training.Records(ctx, callerOf(ctx).who.Person)
	if err != nil {
		return nil, err
	}
	people, err := d.people.List(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := d.assetTags(ctx)
	if err != nil {
		return nil, err
	}
	names, logins := map[sekisho.PersonID]string{}, map[sekisho.PersonID]string{}
	for _, p := range people {
		names[p.ID], logins[p.ID] = p.Name, p.Login
	}
	language := "ja"
	if wire.English(callerOf(ctx).language) {
		language = "en"
	}
	var b bytes.Buffer
	b.WriteString("\uFEFF") // by which spreadsheets know UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{strings.Split(recordWords["head"].In(language), ",")}
	for _, r := range records {
		rows = append(rows, []string{
			names[r.Person], logins[r.Person], r.Title.In(language), number(r.Version), recordWords[r.Result].In(language), score(r),
			stamp(r.At), stamp(r.Until), tags[r.Device], recordWords[string(r.Class)].In(language),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = searches.Neutral(row[i])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return &download{
		ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="sekisho-training.csv"`, Body: b.Bytes(),
	}, w.Error()
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func score(r training.Record) string {
	if r.Result == training.ResultAcknowledged || r.Result == training.ResultPractised {
		return ""
	}
	return strconv.Itoa(r.Percent)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
