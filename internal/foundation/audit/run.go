package audit

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const (
	lookEvery       = 200 * time.Millisecond // the inbox, and whether anything else is due
	checkpointEvery = 5 * time.Second
	checkpointAfter = 1000        // entries, if they come sooner
	resignEvery     = time.Second // while opening acts wait for a signature
	aliveEvery      = time.Minute
	tidyEvery       = time.Hour
	complainEvery   = 10 * time.Second
	maxJump         = 2 * time.Second // of the wall clock against the monotonic one
)

// pace is when things were last done, on the monotonic clock.
type pace struct {
	mu       sync.Mutex
	begun    bool
	signed   time.Duration
	signedAt int64 // size
	moved    time.Duration
	size     int64
	tidied   time.Duration
	wall     time.Time
	wallAt   time.Duration
}

// Run keeps the log going until ctx ends: it orders the inbox, signs
// checkpoints, says that it is alive when nothing happens, and looks whether
// anybody remembers another log. It returns an error only if the log must not go on.
func (l *Log) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	told := -complainEvery
	for {
		if err := l.tick(ctx); err != nil && ctx.Err() == nil {
			if errors.Is(err, ErrStopped) {
				return err
			}
			if now := l.clk.Mono(); now-told >= complainEvery {
				told = now
				slog.ErrorContext(ctx, "audit: will try again", "error", err)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		case <-l.dead:
			return l.whyNot()
		}
	}
}

// tick does what is due, and looks whether the tree is still being signed,
// whatever came of the rest.
func (l *Log) tick(ctx context.Context) error {
	err := l.keepUp(ctx)
	l.judgeSigning(ctx)
	return err
}

func (l *Log) keepUp(ctx context.Context) error {
	if err := l.settle(ctx); err != nil {
		return err
	}
	if err := l.lookForVanished(ctx); err != nil {
		return err
	}
	p := &l.pace
	p.mu.Lock()
	defer p.mu.Unlock()
	now := l.clk.Mono()
	l.watchClock(p, now)
	size, err := l.size(ctx)
	if err != nil {
		return err
	}
	if !p.begun {
		p.begun, p.moved, p.size, p.signed, p.tidied = true, now, size, now-checkpointEvery, now
	}
	if size != p.size {
		p.size, p.moved = size, now
	}
	if now-p.moved >= aliveEvery {
		p.moved = now
		l.Afterwards(Event{Kind: "audit.alive", Actor: Actor{Process: "server"}})
	}
	if now-p.signed >= checkpointEvery || size-p.signedAt >= checkpointAfter || l.hindered() && now-p.signed >= resignEvery {
		p.signed, p.signedAt = now, size
		err := l.CheckPins(ctx)
		if err == nil {
			_, err = l.sign(ctx)
		}
		if err != nil && !isRefusal(err) { // a refusal was told when it began; nothing is signed while it lasts
			return err
		}
	}
	if now-p.tidied >= tidyEvery {
		p.tidied = now
		return l.tidy(ctx)
	}
	return nil
}

// watchClock writes down when the wall clock jumps: times in the log are worth
// what the clock was worth.
func (l *Log) watchClock(p *pace, mono time.Duration) {
	wall := l.clk.Now()
	if !p.wall.IsZero() {
		if jump := wall.Sub(p.wall) - (mono - p.wallAt); jump > maxJump || jump < -maxJump {
			l.Afterwards(Event{Kind: "audit.clock_jumped", Actor: Actor{Process: "server"}, Detail: map[string]string{"ms": strconv.FormatInt(jump.Milliseconds(), 10)}})
		}
	}
	p.wall, p.wallAt = wall, mono
}

func (l *Log) size(ctx context.Context) (size int64, err error) {
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		return tx.QueryRow(ctx, "SELECT size FROM audit_head WHERE id = 1").Scan(&size)
	})
	return size, err
}

// tidy thins out checkpoints older than two days to one an hour. Each is worth
// as much as any later one that continues it.
func (l *Log) tidy(ctx context.Context) error {
	before := storage.Micros(l.clk.Now().Add(-48 * time.Hour))
	return l.db.Write(ctx, func(tx storage.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM audit_checkpoints WHERE at < ? AND size NOT IN
			(SELECT MAX(size) FROM audit_checkpoints GROUP BY epoch, at / 3600000000)`, before)
		return err
	})
}
