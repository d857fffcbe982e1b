package console

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/sekisho/sekisho/internal/gate/offices"
)

// answer is a reply with a JSON body and nothing else.
type answer[T any] struct{ Body T }

// sealedAnswer is a reply that also sets or clears the session cookie.
type sealedAnswer[T any] struct {
	SetCookie string `header:"Set-Cookie"`
	Body      T
}

// done is a reply without a body: 204.
type done struct{}

// ByID is the input of routes that name one thing.
type ByID struct {
	ID string `path:"id" maxLength:"64"`
}

func reply[T any](body T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{Body: body}, nil
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// add registers one operation. Its errors become problems here and nowhere
// else; who may use it was asked before the body was read (admission).
func add[I, O any](api huma.API, route, summary string, handle func(context.Context, *I) (*O, error), change ...func(*huma.Operation)) {
	method, path, _ := strings.Cut(route, " ")
	op := huma.Operation{
		OperationID:  strings.Trim(notWord.ReplaceAllString(strings.ToLower(route), "-"), "-"),
		Method:       method,
		Path:         path,
		Summary:      summary,
		MaxBodyBytes: bodyLimits[route],
		Tags:         []string{strings.SplitN(strings.Trim(path, "/"), "/", 2)[0]},
		Responses:    map[string]*huma.Response{"default": problemResponse},
		Metadata:     map[string]any{"route": route},
	}
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = maxBody
	}
	for _, role := range access[route] {
		op.Description += " " + string(role)
	}
	op.Description = "For:" + op.Description + "."
	for _, fn := range change {
		fn(&op)
	}
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, refuse(ctx, err)
		}
		return out, nil
	})
}

var problemResponse = &huma.Response{
	Description: "Refused: what is wrong and what to do, in the caller's language.",
	Content: map[string]*huma.MediaType{"application/problem+json": {
		Schema: &huma.Schema{Ref: "#/components/schemas/Problem"},
	}},
}

// admission is the middleware that asks the table before anything of the
// request is read.
func (d *Door) admission(ctx huma.Context, next func(huma.Context)) {
	route, _ := ctx.Operation().Metadata["route"].(string)
	admitted, err := d.admit(ctx.Context(), route)
	if err != nil {
		r, w := humago.Unwrap(ctx)
		writeRefusal(w, r, err)
		return
	}
	next(huma.WithContext(ctx, admitted))
}

// admit says whether this caller may use route, and puts who he is into the
// context. Whoever may not leaves a row in the log.
func (d *Door) admit(ctx context.Context, route string) (context.Context, error) {
	c := callerOf(ctx)
	if err := c.here(route); err != nil {
		d.turnedAway(c, route, err)
		return nil, err
	}
	if c.token != "" {
		who, err := d.identify(ctx, c)
		switch {
		case err == nil:
			c.who = &who
		case !open(route):
			if errors.Is(err, errSignedOut) || errors.Is(err, offices.ErrOutside) {
				d.turnedAway(c, route, err)
			}
			return nil, err
		}
	}
	if c.who == nil && open(route) {
		if err := d.take(d.rates.open, c.from, route); err != nil {
			return nil, err
		}
	}
	if open(route) {
		return withCaller(ctx, c), nil
	}
	err := error(nil)
	switch {
	case c.who == nil:
		err = errSignedOut
	case !c.who.may(route):
		err = errRole
	case !c.who.strong(route):
		err = errPasskeyOnly
	}
	if err != nil {
		d.turnedAway(c, route, err)
		return nil, err
	}
	return withCaller(ctx, c), nil
}

// recovered turns a panic into a refusal: the request fails, the door stays.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v) // the server cuts the connection, as was meant
			default:
				writeRefusal(w, r, panicError(v))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
