package ivr

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sound"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// MaxPrompt is the longest announcement.
const MaxPrompt = 5 * time.Minute

// languages that an announcement may be in; the first stands in for a missing one.
var languages = []string{"ja", "en"}

// Announcement is one of a client company, by language how long it is.
type Announcement struct {
	ID      sekisho.PromptID
	Client  sekisho.ClientID
	Name    string
	Created time.Time
	Lengths map[string]time.Duration
}

// CreatePrompt names a new announcement, which has no sound yet.
func (r *IVR) CreatePrompt(ctx context.Context, by audit.Actor, c sekisho.ClientID, name string) (sekisho.PromptID, error) {
	if err := named(name); err != nil {
		return "", err
	}
	id := sekisho.PromptID(wire.NewID())
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.mayOwn(ctx, tx, c); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO ivr_prompts (id, client, name, created) VALUES (?, ?, ?, ?)", string(id), string(c), name, storage.Micros(r.parts.Clock.Now())); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "prompt", string(id), audit.Event{Kind: "prompt.created", Detail: map[string]string{"client": string(c), "name": name}})
	})
	if err != nil {
		return "", fmt.Errorf("ivr: create prompt: %w", err)
	}
	return id, nil
}

// StorePrompt gives an announcement its sound in a language, from a WAV file that
// sound.ReadWAV takes; what that refuses is refused with its reason.
func (r *IVR) StorePrompt(ctx context.Context, by audit.Actor, c sekisho.ClientID, id sekisho.PromptID, lang string, wav []byte) (time.Duration, error) {
	if !slices.Contains(languages, lang) {
		return 0, errLanguage
	}
	pcm, err := sound.ReadWAV(wav, MaxPrompt)
	if err != nil {
		return 0, err
	}
	ulaw := make([]byte, len(pcm))
	sound.Mu.Encode(ulaw, pcm)
	sum := sha256.Sum256(ulaw)
	hash, length := hex.EncodeToString(sum[:]), time.Duration(len(ulaw))*time.Second/sound.Rate
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.promptOf(ctx, tx, c, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM ivr_sounds WHERE prompt = ? AND lang = ?", string(id), lang); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO ivr_sounds (prompt, lang, ulaw, length, hash, author, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			string(id), lang, ulaw, len(ulaw), hash, string(by.Person), storage.Micros(r.parts.Clock.Now())); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "prompt", string(id), audit.Event{Kind: "prompt.stored", Detail: map[string]string{"language": lang, "length_ms": strconv.FormatInt(length.Milliseconds(), 10), "sound_hash": hash}})
	})
	if err != nil {
		return 0, fmt.Errorf("ivr: store prompt %s: %w", id, err)
	}
	return length, nil
}

// promptOf says whether an announcement is a client company's.
func (r *IVR) promptOf(ctx context.Context, tx storage.Tx, c sekisho.ClientID, id sekisho.PromptID) error {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM ivr_prompts WHERE id = ? AND client = ?", string(id), string(c)).Scan(&n)
	if err == nil && n == 0 {
		err = errNoPrompt
	}
	return err
}

// Prompt gives an announcement's sound as μ-law, 8,000 bytes a second, in a language
// or, where it has none in it, in another.
func (r *IVR) Prompt(ctx context.Context, id sekisho.PromptID, lang string) (ulaw []byte, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		for _, one := range append([]string{lang}, languages...) {
			err := tx.QueryRow(ctx, "SELECT ulaw FROM ivr_sounds WHERE prompt = ? AND lang = ?", string(id), one).Scan(&ulaw)
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return errNoPrompt
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: prompt %s: %w", id, err)
	}
	return ulaw, nil
}

// Prompts gives a client company's announcements, by name.
func (r *IVR) Prompts(ctx context.Context, c sekisho.ClientID) (out []Announcement, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT p.id, p.client, p.name, p.created, COALESCE(s.lang, ''), COALESCE(s.length, 0) FROM ivr_prompts p LEFT JOIN ivr_sounds s ON s.prompt = p.id WHERE p.client = ? ORDER BY p.name, p.id", string(c))
		if err != nil {
			return err
		}
		defer rows.Close()
		out = []Announcement{}
		for rows.Next() {
			var a Announcement
			var created, length int64
			var lang string
			if err := rows.Scan(&a.ID, &a.Client, &a.Name, &created, &lang, &length); err != nil {
				return err
			}
			if n := len(out); n == 0 || out[n-1].ID != a.ID {
				a.Created, a.Lengths = storage.Time(created), map[string]time.Duration{}
				out = append(out, a)
			}
			if lang != "" {
				out[len(out)-1].Lengths[lang] = time.Duration(length) * time.Second / sound.Rate
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: prompts: %w", err)
	}
	return out, nil
}

// DeletePrompt removes an announcement that no flow in force names.
func (r *IVR) DeletePrompt(ctx context.Context, by audit.Actor, c sekisho.ClientID, id sekisho.PromptID) error {
	return r.remove(ctx, by, removal{
		client: c, object: "prompt", kind: "prompt.deleted", id: string(id),
		drops: []string{
			"DELETE FROM ivr_sounds WHERE prompt IN (SELECT id FROM ivr_prompts WHERE id = ? AND client = ?)",
			"DELETE FROM ivr_prompts WHERE id = ? AND client = ?",
		},
		names: func(f Flow, n *Node) bool { return f.Fallback.Prompt == id || slices.Contains(n.prompts(), id) },
	})
}

// one says that a statement met its one row.
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errMeanwhile, err)
	}
	return nil
}

var (
	errLanguage  = sekisho.Fail(sekisho.KindInvalid, "prompt.language")
	errNoPrompt  = sekisho.Fail(sekisho.KindNotFound, "prompt.unknown")
	errMeanwhile = sekisho.Fail(sekisho.KindConflict, "flow.part_changed")
)
