package papers

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf16"
)

// latin are the widths of Helvetica's characters from space to tilde, in
// thousandths of the size (Adobe Font Metrics, "Helvetica").
var latin = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

func isLatin(r rune) bool { return r >= ' ' && r <= '~' }

// width of a character in thousandths of the size.
func width(r rune) int {
	switch {
	case isLatin(r):
		return latin[r-' ']
	case r >= 0xFF61 && r <= 0xFF9F: // half-width katakana, CID 327 to 389
		return 500
	}
	return 1000
}

func widthOf(s string, size float64) float64 {
	sum := 0
	for _, r := range s {
		sum += width(r)
	}
	return float64(sum) * size / 1000
}

// plain leaves what can be drawn: spaces for whatever breaks a line, and neither
// control characters nor variation selectors, for which there are no glyphs.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == 0x3000:
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// noBegin are characters with which no line begins (JIS X 4051, 行頭禁則, in short).
const noBegin = "、。，．・：；？！）」』】〕］｝〉》ー々…"

// wrap breaks a text into lines of at most so many points; the last of most
// lines ends in "…" where there was more.
func wrap(text string, size, wide float64, most int) []string {
	var lines []string
	line := ""
	for _, word := range words(plain(text)) {
		for word != "" {
			if fits := widthOf(line+word, size) <= wide; fits || line == "" && len([]rune(word)) == 1 || line != "" && strings.ContainsRune(noBegin, []rune(word)[0]) {
				line, word = line+word, ""
				continue
			}
			if line != "" {
				lines, line = append(lines, strings.TrimRight(line, " ")), ""
				word = strings.TrimLeft(word, " ")
				continue
			}
			head := begin(word, size, wide)
			lines, word = append(lines, head), word[len(head):]
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	if len(lines) > most {
		last := []rune(lines[most-1])
		for len(last) > 0 && widthOf(string(last)+"…", size) > wide {
			last = last[:len(last)-1]
		}
		lines = append(lines[:most-1], string(last)+"…")
	}
	return lines
}

// words are what a line is made of: runs of Latin characters up to their space,
// and every other character by itself.
func words(text string) (out []string) {
	run := ""
	for _, r := range text {
		if isLatin(r) && r != ' ' {
			run += string(r)
			continue
		}
		if run != "" {
			out, run = append(out, run), ""
		}
		out = append(out, string(r))
	}
	if run != "" {
		out = append(out, run)
	}
	return out
}

// begin is as much of a word as fits into a line, at least one character.
func begin(word string, size, wide float64) string {
	end := 0
	for i, r := range word {
		if i > 0 && widthOf(word[:i+len(string(r))], size) > wide {
			break
		}
		end = i + len(string(r))
	}
	return word[:end]
}

// show writes the operators that draw a text, changing fonts where the script
// changes (ISO 32000-1 §9.4.3).
func show(b *strings.Builder, text string, size float64) {
	runes := []rune(text)
	for from := 0; from < len(runes); {
		to, inLatin := from, isLatin(runes[from])
		for to < len(runes) && isLatin(runes[to]) == inLatin {
			to++
		}
		if run := string(runes[from:to]); inLatin {
			b.WriteString("/L " + number(size) + " Tf <" + hex.EncodeToString([]byte(run)) + "> Tj ")
		} else {
			b.WriteString("/J " + number(size) + " Tf <" + wide(run) + "> Tj ")
		}
		from = to
	}
}

// wide is a text as UTF-16BE in hexadecimal.
func wide(text string) string {
	units := utf16.Encode([]rune(text))
	raw := make([]byte, 0, 2*len(units))
	for _, u := range units {
		raw = append(raw, byte(u>>8), byte(u))
	}
	return hex.EncodeToString(raw)
}
