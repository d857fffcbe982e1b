package wire

import (
	"regexp"
	"testing"
)

// docs/terms.md, "How Japanese is written on screens".
var japaneseRules = map[string]*regexp.Regexp{
	"brackets are full-width":               regexp.MustCompile(`[(\[][^)]*[\p{Hiragana}\p{Katakana}\p{Han}][^)]*[)\]]|[\p{Hiragana}\p{Katakana}\p{Han}] ?\(`),
	"no space beside Latin letters":         regexp.MustCompile(`[\p{Hiragana}\p{Katakana}\p{Han}] [A-Za-z0-9]|[A-Za-z0-9] [\p{Hiragana}\p{Katakana}\p{Han}]`),
	"long vowels are written out":           regexp.MustCompile(`(サーバ|ブラウザ|フォルダ|ルータ|ユーザ)([^ー]|$)`),
	"the word of docs/terms.md, not this":   regexp.MustCompile(`監視|リース|隔離|侵入者|証拠|指紋|管理者\(SV\)|管理者（SV）|立会|切符|一時停止|断る|住所`),
	"a sentence ends with its full stop, 。": regexp.MustCompile(`[^。]$`),
}

// names of files, settings and commands stand apart from the Japanese around
// them, so that they can be told from it.
var names = regexp.MustCompile(`[A-Za-z0-9/]+[./_=-][A-Za-z0-9./_=-]*|\bsekisho( [a-z-]+)*|\b(models|root|systemd|Edge)\b`)

func TestJapaneseIsWrittenOneWay(t *testing.T) {
	for _, c := range catalogues {
		for code, text := range c {
			for _, ja := range []string{text.JA, text.JADo} {
				for rule, broken := range japaneseRules {
					if broken.MatchString(names.ReplaceAllString(ja, "・")) {
						t.Errorf("%s: %s: %s", code, rule, ja)
					}
				}
			}
		}
	}
}
