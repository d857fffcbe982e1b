package searches

import (
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

// Row is one entry in a file. What stands in the log's leaf can be checked
// against the row's own proof; names, words and personal values cannot, and
// stand under the file's attestation alone.
type Row struct {
	Seq        int64             `json:"seq"`
	At         time.Time         `json:"at"`
	Kind       string            `json:"kind"`
	Person     string            `json:"person"`
	PersonName string            `json:"person_name"`
	Device     string            `json:"device"`
	DeviceName string            `json:"device_name"`
	Role       string            `json:"role"`
	Process    string            `json:"process"`
	Object     string            `json:"object"`
	ObjectID   string            `json:"object_id"`
	ObjectName string            `json:"object_name"`
	Decision   string            `json:"decision"`
	Reason     string            `json:"reason"`
	ReasonText string            `json:"reason_text"`
	Session    string            `json:"session"`
	Customer   string            `json:"customer"`
	Call       string            `json:"call"`
	Late       bool              `json:"late"`
	Detail     map[string]string `json:"detail"`
	Personal   map[string]string `json:"personal"`
	Leaf       string            `json:"leaf"`  // hash of the leaf, lower-case hex
	Proof      string            `json:"proof"` // C2SP tlog-proof, with the leaf and the checkpoint
}

// jsonFile is a file of rows as JSON, but for its last member, the attestation.
type jsonFile struct {
	Format string `json:"format"`
	Rows   []Row  `json:"rows"`
}

const jsonFormat = "sekisho-audit-rows/1"

func rowOf(e audit.Entry, proof string) Row {
	leaf := tlog.RecordHash(e.Leaf)
	v := e.Event
	r := Row{
		Seq: e.Seq, At: e.At.UTC(), Kind: v.Kind, Person: string(v.Actor.Person), Device: string(v.Actor.Device), Role: string(v.Actor.Role), Process: v.Actor.Process,
		Object: v.Object.Type, ObjectID: v.Object.ID, Decision: v.Decision, Reason: v.Reason, Session: string(v.Session), Customer: string(v.Customer), Call: string(v.Call), Late: v.Late,
		Detail: v.Detail, Personal: v.Personal, Leaf: hex.EncodeToString(leaf[:]), Proof: proof,
	}
	if r.Detail == nil {
		r.Detail = map[string]string{}
	}
	if r.Personal == nil {
		r.Personal = map[string]string{}
	}
	return r
}

func (r *Row) name(t Take) {
	r.PersonName, r.DeviceName, r.ObjectName, r.ReasonText = t.NameOf(r.Person), t.NameOf(r.Device), t.NameOf(r.ObjectID), t.TextOf(r.Reason)
}

func writeJSON(rows []Row) ([]byte, error) {
	b, err := json.Marshal(jsonFile{Format: jsonFormat, Rows: rows})
	if err != nil {
		return nil, err
	}
	return b[:len(b)-1], nil // the attestation closes the object
}

func readJSON(body []byte) ([]Row, error) {
	var f jsonFile
	if err := json.Unmarshal(append(body[:len(body):len(body)], '}'), &f); err != nil || f.Format != jsonFormat {
		return nil, errors.Join(fmt.Errorf("searches: not a %s file", jsonFormat), err)
	}
	return f.Rows, nil
}

// Columns of a table, in their order.
var Columns = []string{
	"seq", "at", "kind", "person_name", "person", "device_name", "device", "role", "process", "object", "object_name", "object_id",
	"decision", "reason", "reason_text", "session", "customer", "call", "late", "detail", "personal", "leaf", "proof",
}

// earlier are the columns of tables from before rows told of customers and
// calls: a file that was taken then is still verified.
var earlier = slices.DeleteFunc(slices.Clone(Columns), func(c string) bool { return c == "customer" || c == "call" })

// columns of a table whose records have so many cells; nil for none that we wrote.
func columns(n int) []string {
	for _, of := range [][]string{Columns, earlier} {
		if len(of) == n {
			return of
		}
	}
	return nil
}

// bom tells a Japanese Excel that the file is UTF-8.
const bom = "\ufeff"

// timeCell is how Excel reads a moment; it is Japan's.
const timeCell = "2006-01-02 15:04:05.000"

func (r Row) cells() []string {
	late := ""
	if r.Late {
		late = "1"
	}
	return []string{
		strconv.FormatInt(r.Seq, 10), r.At.In(Japan).Format(timeCell), r.Kind, r.PersonName, r.Person, r.DeviceName, r.Device, r.Role, r.Process,
		r.Object, r.ObjectName, r.ObjectID, r.Decision, r.Reason, r.ReasonText, r.Session, r.Customer, r.Call, late, pairs(r.Detail), pairs(r.Personal), r.Leaf, r.Proof,
	}
}

func writeCSV(rows []Row, heading func(string) string) []byte {
	var b strings.Builder
	b.WriteString(bom)
	heads := make([]string, len(Columns))
	for i, c := range Columns {
		heads[i] = heading(c)
	}
	writeRecord(&b, heads)
	for _, r := range rows {
		writeRecord(&b, r.cells())
	}
	return []byte(b.String())
}

// writeRecord quotes every cell (RFC 4180), so that none can be mistaken for
// the attestation, and takes formulas their beginning.
func writeRecord(b *strings.Builder, cells []string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + strings.ReplaceAll(Neutral(c), `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
}

// formula are the characters by which a spreadsheet knows one, full-width
// writing included, which a Japanese Excel takes for the same
// (OWASP, CSV Injection).
const formula = "=+-@\t\r\n＝＋－＠|"

// Neutral makes a cell begin with an apostrophe where it would begin a formula:
// for every table that leaves the house.
func Neutral(cell string) string {
	trimmed := strings.TrimLeft(cell, " \u3000'")
	if trimmed != "" && strings.ContainsAny(firstRune(trimmed), formula) || cell != "" && strings.ContainsAny(cell[:1], "\t\r\n") {
		return "'" + cell
	}
	return cell
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// readCSV reads rows back: number and proof, and the cells as they were written.
func readCSV(body []byte) (rows []Row, cells [][]string, err error) {
	text, ok := strings.CutPrefix(string(body), bom)
	if !ok {
		return nil, nil, errors.New("searches: not a table of rows")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord, reader.ReuseRecord = 0, false // all as many as the first
	for first := true; ; first = false {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, cells, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("searches: table: %w", err)
		}
		if first {
			if columns(len(record)) == nil {
				return nil, nil, fmt.Errorf("searches: table: %d columns", len(record))
			}
			continue
		}
		seq, err := strconv.ParseInt(record[0], 10, 64)
		if err != nil || len(rows) >= maxRows {
			return nil, nil, errors.Join(errors.New("searches: table: a row has no number, or there are too many"), err)
		}
		rows, cells = append(rows, Row{Seq: seq, Proof: record[len(record)-1]}), append(cells, record)
	}
}
