package storage

import (
	"strconv"
	"strings"
	"sync"
)

// rebound remembers rewritten queries. Rooms use a fixed set of them; beyond
// the bound, queries built with lists of values are simply rewritten each time.
var rebound struct {
	sync.RWMutex
	m map[string]string
}

const maxRebound = 4096

// rebind writes `?` placeholders as PostgreSQL's $1, $2, …, leaving alone what
// stands in quotes or comments.
func rebind(query string) string {
	if !strings.ContainsRune(query, '?') {
		return query
	}
	rebound.RLock()
	out, ok := rebound.m[query]
	rebound.RUnlock()
	if ok {
		return out
	}
	out = rewrite(query)
	rebound.Lock()
	defer rebound.Unlock()
	if rebound.m == nil {
		rebound.m = map[string]string{}
	}
	if len(rebound.m) < maxRebound {
		rebound.m[query] = out
	}
	return out
}

func rewrite(query string) string {
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); {
		if skip := literal(query[i:]); skip > 0 {
			b.WriteString(query[i : i+skip])
			i += skip
			continue
		}
		if query[i] == '?' {
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		} else {
			b.WriteByte(query[i])
		}
		i++
	}
	return b.String()
}

// literal is the length of the quoted text or comment that s begins with, or 0.
func literal(s string) int {
	end, from := "", 1
	switch {
	case s[0] == '\'' || s[0] == '"':
		end = s[:1]
	case strings.HasPrefix(s, "--"):
		end, from = "\n", 2
	case strings.HasPrefix(s, "/*"):
		end, from = "*/", 2
	default:
		return 0
	}
	if i := strings.Index(s[from:], end); i >= 0 {
		return from + i + len(end)
	}
	return len(s)
}
