package reminders

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"mime"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Item is one thing that is due.
type Item struct {
	Person sekisho.PersonID // who is told
	What   wire.Words       // what is due, at most maxWhat characters each
	Due    time.Time
}

// Recipient is whom a mail goes to.
type Recipient struct {
	Person   sekisho.PersonID
	Name     string
	Address  string // "" gets none
	Language string // "ja" or "en"
}

// LogValue hides the person.
func (Recipient) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Bounds of a mail.
const (
	maxAddress = 254 // characters (RFC 5321, §4.5.3.1)
	maxItems   = 30
	maxWhat    = 160
)

// addressForm is the part of RFC 5321's addresses that mail is sent to: no
// quoted parts, no comments, no literals, ASCII.
var addressForm = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$`)

// ValidAddress says whether s is an address that mail can be sent to.
func ValidAddress(s string) bool {
	if len(s) > maxAddress || !addressForm.MatchString(s) {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

// days before something is due on which a person is told again.
var days = []int{30, 14, 7, 3, 1, 0}

// tellToday says whether an item is told on this day: at set distances, and every
// week once it is overdue.
func tellToday(due, now time.Time) bool {
	left := daysLeft(due, now)
	return slices.Contains(days, left) || left < 0 && left%7 == 0
}

// daysLeft counts days begun until due; on the day itself it is 0.
func daysLeft(due, now time.Time) int {
	return int(dayOf(due).Sub(dayOf(now)) / (24 * time.Hour))
}

// japan is where the centre's days are counted.
var japan = time.FixedZone("JST", 9*60*60)

func dayOf(t time.Time) time.Time {
	t = t.In(japan)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// body is a mail's text, as its person reads it.
func body(to Recipient, items []Item, now time.Time) string {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b Item) int { return a.Due.Compare(b.Due) })
	more := max(len(items)-maxItems, 0)
	var b strings.Builder
	if to.Language == "en" {
		fmt.Fprintf(&b, "Dear %s,\n\nThe following is due:\n\n", oneLine(to.Name, 64))
	} else {
		fmt.Fprintf(&b, "%s 様\n\n次の期限をお知らせします。\n\n", oneLine(to.Name, 64))
	}
	for _, it := range items[:len(items)-more] {
		when := it.Due.In(japan).Format("2006-01-02")
		over := daysLeft(it.Due, now) < 0
		switch {
		case to.Language == "en" && over:
			fmt.Fprintf(&b, "- %s (overdue since %s)\n", oneLine(it.What.EN, maxWhat), when)
		case to.Language == "en":
			fmt.Fprintf(&b, "- %s (by %s)\n", oneLine(it.What.EN, maxWhat), when)
		case over:
			fmt.Fprintf(&b, "・%s（%sに期限が過ぎています）\n", oneLine(it.What.JA, maxWhat), when)
		default:
			fmt.Fprintf(&b, "・%s（%sまで）\n", oneLine(it.What.JA, maxWhat), when)
		}
	}
	if to.Language == "en" {
		if more > 0 {
			fmt.Fprintf(&b, "- and %d more\n", more)
		}
		b.WriteString("\nOpen Sekisho from the menu of your issued PC, or the console as you always do.\nThis mail holds no link and asks for no password. Do not reply to it.\n")
		return b.String()
	}
	if more > 0 {
		fmt.Fprintf(&b, "・ほか%d件\n", more)
	}
	b.WriteString("\n貸与PCのメニューの「関所」、またはいつもの方法で開いた管理画面で確認してください。\nこのメールにリンクはなく、パスワードを尋ねることもありません。返信はできません。\n")
	return b.String()
}

// oneLine makes what a person wrote a part of one line.
func oneLine(s string, limit int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' }), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit]) + "…"
	}
	return s
}

func subject(language string) string {
	if language == "en" {
		return "Sekisho: what is due"
	}
	return "【関所】期限のお知らせ"
}

// message is a whole mail (RFC 5322): headers of our own words alone, the text in
// base64, whose lines no dot and no length can break.
func message(from, to, language, text, id string, at time.Time) []byte {
	domain := from[strings.LastIndexByte(from, '@')+1:]
	var b strings.Builder
	for _, h := range [][2]string{
		{"From", from}, {"To", to}, {"Subject", mime.BEncoding.Encode("utf-8", subject(language))},
		{"Date", at.UTC().Format(time.RFC1123Z)}, {"Message-ID", "<" + id + "@" + domain + ">"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "base64"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: nobody's holiday note comes back
	} {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	b.WriteString("\r\n")
	encoded := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	for len(encoded) > 76 {
		b.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	b.WriteString(encoded + "\r\n")
	return []byte(b.String())
}
