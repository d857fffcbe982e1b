package passwords

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// setting marks what is counted while a password is set, beside the guesses at
// it. No login begins so.
const setting = "set\x00"

// Answer answers the request of a page that sets the password of a person (RFC
// 9807, §5.2.2). Each answer is worth a guess: whoever keeps it can try, with one
// more at the login, every password that he had answered. So they are counted
// like guesses, by themselves, and a password that is set does not forget them.
func (r *Passwords) Answer(ctx context.Context, p sekisho.PersonID, login string, request []byte) ([]byte, error) {
	login = strings.ToLower(login)
	asked, err := r.server.Deserialize.RegistrationRequest(request)
	if err != nil {
		return nil, errForm.Because(err)
	}
	now, locked := r.clk.Now(), false
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		g, err := loadGuesses(ctx, tx, r.marked(setting+login))
		if err != nil {
			return err
		}
		next, answer := g.count(now)
		if locked = !answer; locked {
			return nil
		}
		if err := putGuesses(ctx, tx, next); err != nil { // of nobody: a supervisor unlocks logins, not this
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "password.setting", Actor: audit.Actor{Process: "browser"}, Object: object(p), Detail: map[string]string{"number": strconv.Itoa(next.n)},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("passwords: answer: %w", err)
	}
	if locked {
		r.log.Afterwards(refusedRow(p, errSetting))
		return nil, errSetting
	}
	answer, err := r.server.RegistrationResponse(asked, []byte(login), nil)
	if err != nil {
		return nil, errForm.Because(err)
	}
	return answer.Serialize(), nil
}

// Keep stores what a page made of the answer, in the transaction of the act that
// allows it, and forgets the guesses at an older password.
func (r *Passwords) Keep(ctx context.Context, tx storage.Tx, p sekisho.PersonID, login string, record []byte) error {
	if _, err := r.server.Deserialize.RegistrationRecord(record); err != nil {
		return errForm.Because(err)
	}
	if err := deleteGuesses(ctx, tx, r.marked(strings.ToLower(login))); err != nil {
		return err
	}
	return putRecord(ctx, tx, p, record, r.clk.Now())
}
