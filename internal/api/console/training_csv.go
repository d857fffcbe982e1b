package console

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

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

// cells are the records as a table: its head, and a row for each.
func (t recordTable) cells(records []training.Record) (head []string, rows [][]string) {
	for _, r := range records {
		rows = append(rows, []string{
			t.names[r.Person], t.logins[r.Person], r.Title.In(t.language), number(r.Version), recordWords[r.Result].In(t.language), score(r),
			t.stamp(r.At), t.stamp(r.Until), t.tags[r.Device], recordWords[string(r.Class)].In(t.language),
		})
	}
	return strings.Split(recordWords["head"].In(t.language), ","), rows
}

// csv writes every record. A spreadsheet must not run what somebody wrote into a
// name: such values begin with an apostrophe (OWASP, CSV injection).
func (t recordTable) csv(records []training.Record) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // by which spreadsheets know UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	head, rows := t.cells(records)
	for _, row := range append([][]string{head}, rows...) {
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

func utcStamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
