package console

import (
	"context"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/papers"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// paperWords are the words around the records on paper.
var paperWords = map[string]wire.Words{
	"title":     {JA: "受講記録", EN: "Training records"},
	"title.one": {JA: "受講記録（個人）", EN: "Training records (one person)"},
	"of":        {JA: "対象者", EN: "Person"},
	"of.all":    {JA: "全員", EN: "Everybody"},
	"by":        {JA: "作成者", EN: "Made by"},
	"at":        {JA: "作成日時", EN: "Made at"},
	"at.zone":   {JA: "日本時間", EN: "Japan time"},
	"count":     {JA: "記録の数", EN: "Records"},
	"log":       {JA: "作成時の監査ログ", EN: "The log when it was made"},
	"log.size":  {JA: "記録", EN: "rows,"},
	"log.root":  {JA: "件、ルートハッシュ", EN: "root hash"},
	"check":     {JA: "確かめ方", EN: "How to check it"},
	"check.how": {JA: "このファイルのSHA-256が、監査ログの「受講記録を書き出し」記録のハッシュと一致することを確かめてください。", EN: "The SHA-256 of this file stands in the log, in the row by which it was taken away."},
	"empty":     {JA: "終わったテスト、確認した規程、完了した練習はまだありません。", EN: "No quiz was finished, no document acknowledged and no practice played to its end yet."},
}

// recordShares divide the paper's width among the columns of recordWords["head"].
var recordShares = []float64{13, 10, 25, 5, 10, 8, 13, 13, 10, 14}

// recordPaper is the frame of one paper: everything but the records.
type recordPaper struct {
	recordTable
	of papers.Paper
}

// recordPaper dates the paper by the log: it names the log's head of now, and the
// log will name the paper's hash.
func (d *Door) recordPaper(ctx context.Context, t recordTable, one sekisho.PersonID) (p recordPaper, err error) {
	note, _, err := d.audit.Head(ctx)
	if err != nil {
		return p, err
	}
	body, _, _ := strings.Cut(string(note), "\n\n")
	head, err := checkpoint.Parse(body + "\n")
	if err != nil {
		return p, err
	}
	say := func(name string) string { return paperWords[name].In(t.language) }
	t.stamp = japanStamp
	now := d.clk.Now()
	title, whose := say("title"), say("of.all")
	if one != "" {
		title, whose = say("title.one"), t.names[one]+"  "+t.logins[one]
	}
	p = recordPaper{recordTable: t, of: papers.Paper{
		Language: t.language, Title: title, At: now, Foot: "Sekisho  " + title + "  " + japanStamp(now),
		Facts: []papers.Fact{
			{Label: say("of"), Value: whose}, {Label: say("by"), Value: t.names[callerOf(ctx).who.Person]}, {Label: say("at"), Value: japanStamp(now) + " (" + say("at.zone") + ")"},
			{Label: say("log"), Value: strconv.FormatInt(head.Size, 10) + " " + say("log.size") + " " + say("log.root") + " " + hex.EncodeToString(head.Root[:])},
			{Label: say("check"), Value: say("check.how")},
		},
	}}
	return p, nil
}

func (p recordPaper) write(records []training.Record) ([]byte, error) {
	head, rows := p.cells(records)
	of, list := p.of, papers.Part{Rows: rows, Empty: paperWords["empty"].In(p.language)}
	for i, h := range head {
		list.Columns = append(list.Columns, papers.Column{Head: h, Share: recordShares[i], Right: i == 3 || i == 5})
	}
	of.Facts = append(of.Facts[:3:3], append([]papers.Fact{{Label: paperWords["count"].In(p.language), Value: strconv.Itoa(len(records))}}, of.Facts[3:]...)...)
	of.Parts = []papers.Part{list}
	return papers.Make(of)
}
