package training

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestGIFTThatIsTaken(t *testing.T) {
	read, faults := readGIFT("\uFEFF// 注釈\r\n$CATEGORY: 在宅\r\n\r\n::題 1::[plain]席を立つときは？{\r\n=「休憩」を押す#はい\r\n~何もしない#いいえ\r\n####短くても押します。}\r\n\r\n" +
		"正しいですか。{T#誤り#正しい####そのとおりです。}\n\n" +
		"二つ選ぶ{~%50%甲 ~%50%乙 ~%-100%丙 ####甲と乙です。}\n\n" +
		`記号 \{ \= \~ \# \: {=はい ~いいえ####説明}` + "\n\n空欄{=一 ~二####説明}の文\n")
	if len(faults) > 0 || len(read) != 5 {
		t.Fatalf("%d questions, faults %v", len(read), faults)
	}
	for _, credit := range []string{"~%33.333%a ~%33.333%b ~%33.333%c ~d", "~%100%a ~%-100%b", "=%100%a ~b", "~%50%a ~%50%b ~%-50%c"} {
		if _, faults := readGIFT("質問{" + credit + "####説明}"); len(faults) > 0 {
			t.Errorf("%s: %v", credit, faults)
		}
	}
	want := []struct {
		title, text string
		line        int
		right       []string
	}{
		{"題 1", "席を立つときは？", 4, []string{"「休憩」を押す"}},
		{"", "正しいですか。", 9, []string{"正しい"}},
		{"", "二つ選ぶ", 11, []string{"甲", "乙"}},
		{"", "記号 { = ~ # :", 13, []string{"はい"}},
		{"", "空欄 ＿＿＿ の文", 15, []string{"一"}},
	}
	for i, w := range want {
		right := []string{}
		for _, o := range read[i].Options {
			if o.Right {
				right = append(right, o.Text.JA)
			}
		}
		if read[i].title != w.title || read[i].Text.JA != w.text || read[i].line != w.line || !slices.Equal(right, w.right) || read[i].Explain.JA == "" {
			t.Errorf("question %d: %q %q line %d right %q", i, read[i].title, read[i].Text.JA, read[i].line, right)
		}
	}
}

var broken = map[string]struct {
	text string
	line int
	code string
}{
	"empty":                {"", 1, faultEmpty},
	"comments alone":       {"// nothing\n", 1, faultEmpty},
	"not UTF-8":            {"\x8b\x78{T}", 1, faultEncoding},
	"NUL":                  {"a\x00{T####x}", 1, faultEncoding},
	"too large":            {strings.Repeat("a", MaxGIFT+1), 1, faultTooLarge},
	"no braces":            {"\n\n質問だけ", 3, faultUnclosed},
	"open brace":           {"質問{=a ~b####x", 1, faultUnclosed},
	"empty line inside":    {"質問{=a\n\n~b####x}", 1, faultUnclosed},
	"two pairs":            {"質問{=a ~b####x}{T}", 1, faultUnclosed},
	"open title":           {"::題 質問{T####x}", 1, faultUnclosed},
	"no text":              {"{=a ~b####x}", 1, faultNoText},
	"HTML":                 {"[html]<b>質問</b>{=a ~b####x}", 1, faultFormat},
	"essay":                {"質問{}", 1, faultKind},
	"number":               {"質問{#3:1}", 1, faultKind},
	"short answer":         {"質問{=a =b####x}", 1, faultKind},
	"matching":             {"質問{=a -> 1 =b -> 2####x}", 1, faultKind},
	"one option":           {"質問{~%100%a####x}", 1, faultOptions},
	"same option":          {"質問{=a ~b ~b####x}", 1, faultOptions},
	"nothing right":        {"質問{~a ~b####x}", 1, faultNoRight},
	"all right":            {"質問{~%50%a ~%50%b####x}", 1, faultNoRight},
	"weight":               {"質問{~%x%a =b####x}", 1, faultWeight},
	"weight not a number":  {"質問{~%NaN%a =b####x}", 1, faultWeight},
	"partial credit":       {"質問{~wrong ~%50%half =full####x}", 1, faultCredit},
	"partial credit alone": {"質問{~wrong ~%50%half####x}", 1, faultCredit},
	"two right alone":      {"\n質問{=a =b ~c####x}", 2, faultCredit},
	"too much credit":      {"質問{~%80%a ~%80%b ~c####x}", 1, faultCredit},
	"no explanation":       {"質問{=a ~b}", 1, faultExplanation},
	"long text":            {strings.Repeat("字", maxText+1) + "{=a ~b####x}", 1, faultTooLong},
	"long option":          {"質問{=" + strings.Repeat("字", maxOption+1) + " ~b####x}", 1, faultTooLong},
	"control characters":   {"質問\x1b{=a ~b####x}", 1, faultTooLong},
	"twice":                {"質問{=a ~b####x}\n\n質問{=a ~b####x}", 3, faultTwice},
	"a good one before it": {"質問{=a ~b####x}\n\n別{=a}", 3, faultKind},
}

func TestGIFTFaultsNameLineAndRemedyAndNothingIsStored(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	before := r.own(ownCourse).Pool
	for name, c := range broken {
		n, faults, err := r.Import(t.Context(), "admin", ownCourse, c.text, false)
		if err != nil || n != 0 || len(faults) == 0 || faults[0] != (Fault{c.line, c.code}) {
			t.Errorf("%s: %d stored, %v, %v", name, n, faults, err)
		}
	}
	if now := r.own(ownCourse).Pool; now != before {
		t.Errorf("the pool grew from %d to %d", before, now)
	}
	if len(r.rows("course.imported")) != 0 {
		t.Error("a row tells of an import")
	}
	for _, code := range FaultCodes {
		if wire.TextOf(code) == wire.TextOf("internal") {
			t.Errorf("%s has no text", code)
		}
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	_, pool, err := r.Questions(t.Context(), ownCourse)
	r.must(err)
	good := "新しい問い{=a ~b####x}"
	n, faults, err := r.Import(t.Context(), "admin", ownCourse, good, true)
	if err != nil || n != 1 || len(faults) != 0 || r.own(ownCourse).Pool != len(pool) {
		t.Fatalf("dry run: %d %v %v", n, faults, err)
	}
	known := strings.NewReplacer("{", `\{`, "}", `\}`).Replace(pool[0].Text.JA)
	_, faults, err = r.Import(t.Context(), "admin", ownCourse, good+"\n\n"+known+"{=a ~b####x}", false)
	if err != nil || len(faults) != 1 || faults[0] != (Fault{3, faultTwice}) || r.own(ownCourse).Pool != len(pool) {
		t.Fatalf("one that is there already: %v %v", faults, err)
	}
	if n, _, err = r.Import(t.Context(), "admin", ownCourse, good, false); err != nil || n != 1 || r.own(ownCourse).Pool != len(pool)+1 {
		t.Fatalf("control: %d %v", n, err)
	}
	if _, _, err = r.Import(t.Context(), "admin", "none", good, false); err == nil {
		t.Error("imported into a course that does not exist")
	}
}

func TestPoolOfARequiredCourseStaysLargeEnough(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	c := r.own(ownCourse)
	c.Draw = 60
	c, err := r.PutCourse(t.Context(), "admin", c)
	r.must(err)
	_, pool, err := r.Questions(t.Context(), ownCourse)
	r.must(err)
	r.refused(r.Retire(t.Context(), "admin", pool[0].ID), "training.pool")
	c.Draw = 59
	c, err = r.PutCourse(t.Context(), "admin", c)
	r.must(err)
	r.must(r.Retire(t.Context(), "admin", pool[0].ID))
	r.refused(r.Retire(t.Context(), "admin", pool[0].ID), "training.question_unknown")
	c.Draw = 60
	_, err = r.PutCourse(t.Context(), "admin", c)
	r.refused(err, "training.pool")
	c.Version--
	c.Draw = 10
	_, err = r.PutCourse(t.Context(), "admin", c)
	r.refused(err, "training.changed_meanwhile")
	_, err = r.PutCourse(t.Context(), "admin", Course{Title: c.Title, Draw: 5, PassPercent: 80, ValidMonths: 12, Required: true})
	r.refused(err, "training.pool")
}

// Every question of the house is answered by a rule of the house.
func TestOwnQuestionsAreAnsweredByTheRules(t *testing.T) {
	own, err := ownQuestions()
	if err != nil {
		t.Fatal(err)
	}
	if len(own) != 60 {
		t.Fatalf("%d questions", len(own))
	}
	v, err := ownVersion(ownRulebook, day0)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range own {
		number, _ := strings.CutPrefix(q.Rule, string(ownRulebook)+" ")
		for _, body := range []string{v.Body.JA, v.Body.EN} {
			if !strings.Contains("\n"+body, "\n"+number+" ") {
				t.Errorf("%q is answered by no rule %s", q.Text.JA, number)
			}
		}
		if code := q.fault(); code != "" {
			t.Errorf("%q: %s", q.Text.JA, code)
		}
		for _, text := range append([]wire.Words{q.Text, q.Explain}, optionTexts(q)...) {
			if japanese.MatchString(text.EN) {
				t.Errorf("%s: Japanese in English: %s", number, text.EN)
			}
			if !japanese.MatchString(text.JA) && !strings.Contains("WEP", text.JA) {
				t.Errorf("%s: not Japanese: %s", number, text.JA)
			}
			if ownRules.MatchString(text.JA) {
				t.Errorf("%s: not as docs/terms.md says: %s", number, text.JA)
			}
		}
	}
}

func TestOwnDocumentsAreWrittenAsTermsSay(t *testing.T) {
	for _, d := range ownDocuments {
		v, err := ownVersion(d.ID, day0)
		if err != nil {
			t.Fatalf("%s: %v", d.ID, err)
		}
		for _, line := range append(lines(v.Body.JA), v.Title.JA) {
			if ownRules.MatchString(numbered.ReplaceAllString(line, "")) {
				t.Errorf("%s: %s", d.ID, line)
			}
		}
		if japanese.MatchString(v.Body.EN) || japanese.MatchString(v.Title.EN) {
			t.Errorf("%s: Japanese in English", d.ID)
		}
	}
}

func optionTexts(q Question) (out []wire.Words) {
	for _, o := range q.Options {
		out = append(out, o.Text)
	}
	return out
}

var (
	japanese = regexp.MustCompile(`[\p{Hiragana}\p{Katakana}\p{Han}]`)
	numbered = regexp.MustCompile(`^(## )?[0-9.]+ `)
	// docs/terms.md: words that are not ours, half-width brackets and spaces beside Latin letters.
	ownRules = regexp.MustCompile(`監視|リース|隔離|侵入者|証拠|指紋|立会|切符|一時停止|断る|(サーバ|ブラウザ|フォルダ|ルータ|ユーザ)([^ー]|$)|[(\[][^)]*[\p{Hiragana}\p{Katakana}\p{Han}]|[\p{Hiragana}\p{Katakana}\p{Han}] ?\(|[\p{Hiragana}\p{Katakana}\p{Han}] [A-Za-z0-9]|[A-Za-z0-9] [\p{Hiragana}\p{Katakana}\p{Han}]`)
)

func FuzzGIFT(f *testing.F) {
	for _, c := range broken {
		if len(c.text) < 4096 {
			f.Add(c.text)
		}
	}
	f.Add("::a::[plain]q{=a#x ~%50%b ~c####why}")
	f.Add(`q\{{T####\n}`)
	f.Fuzz(func(t *testing.T, text string) {
		read, faults := readGIFT(text)
		if (len(read) == 0) == (len(faults) == 0) {
			t.Fatalf("%d questions and %d faults", len(read), len(faults))
		}
		if len(read) > maxQuestions || len(faults) > maxFaults {
			t.Fatal("out of bounds")
		}
		n := strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") + 1
		for _, q := range read {
			if code := q.Question.fault(); code != "" || q.line < 1 || q.line > n {
				t.Fatalf("line %d: %s", q.line, code)
			}
		}
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > n || !slices.Contains(FaultCodes, fault.Code) {
				t.Fatalf("fault %+v of %d lines", fault, n)
			}
		}
	})
}
