package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Server is a PostgreSQL server of this process's own, reached over a Unix
// socket in a temporary folder.
type Server struct {
	dir    string
	keeper *exec.Cmd
	leash  io.WriteCloser
}

// Durability says whether the server waits for the disk.
type Durability bool

const (
	Fast    Durability = false // fsync off: tests that kill the client, not the machine
	Durable Durability = true  // as shipped: benchmarks
)

// keeper starts the server and ends it when its standard input closes, which
// the kernel does for us even after kill -9 of the test process.
const keeper = `
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c "fsync=$3" -c "synchronous_commit=$3" -c "full_page_writes=$3" \
	-c max_connections=200 -c shared_buffers=64MB -c "log_min_messages=warning" &
server=$!
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
`

// Start makes a new cluster and waits until it answers.
func Start(d Durability) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "skpg")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	if err := s.start(bin, d); err != nil {
		return nil, errors.Join(err, s.Stop(), os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start(bin string, d Durability) error {
	owner, err := account(s.dir)
	if err != nil {
		return err
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(s.dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr, initdb.Dir = owner, s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	sync := "off"
	if d == Durable {
		sync = "on"
	}
	s.keeper = exec.Command("/bin/sh", "-c", keeper, "keeper", bin, s.dir, sync)
	s.keeper.SysProcAttr, s.keeper.Dir = owner, s.dir
	s.keeper.SysProcAttr.Setpgid = true // an interrupt of the terminal is ours to handle
	s.keeper.Stdout, s.keeper.Stderr = log, log
	if s.leash, err = s.keeper.StdinPipe(); err != nil {
		return err
	}
	if err := s.keeper.Start(); err != nil {
		return err
	}
	return s.ready()
}

func (s *Server) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for {
		err := s.command(ctx, "postgres", "SELECT 1")
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			log, _ := os.ReadFile(filepath.Join(s.dir, "log")) // only to explain
			return fmt.Errorf("PostgreSQL does not answer: %w: %s", err, log)
		}
		time.Sleep(20 * time.Millisecond) // a real process has to come up
	}
}

// command runs one statement outside any transaction, as CREATE DATABASE wants it.
func (s *Server) command(ctx context.Context, database, query string) error {
	db, err := sql.Open("pgx", s.DSN(database))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, query)
	return errors.Join(err, db.Close())
}

// CreateDatabase makes an empty database and returns its DSN.
func (s *Server) CreateDatabase(ctx context.Context, name string) (string, error) {
	return s.DSN(name), s.command(ctx, "postgres", "CREATE DATABASE "+name)
}

// Stop ends the server and removes its folder. It ends by itself with the process.
func (s *Server) Stop() error {
	if s.leash == nil {
		return nil
	}
	err := s.leash.Close()
	if s.keeper.Process == nil {
		return err
	}
	_ = s.keeper.Wait() // the shell's status is that of rm
	return err
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	if dir := os.Getenv("SEKISHO_POSTGRES_BIN"); dir != "" {
		return dir, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		path, err := exec.LookPath("postgres")
		if err != nil {
			return "", errors.New("PostgreSQL is not installed (apt-get install postgresql)")
		}
		return filepath.Dir(path), nil
	}
	version := func(p string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(p)))) // 0 for what is no number
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// account gives the folder to the user that the server runs as: PostgreSQL refuses to be root.
func account(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, int(uid), int(gid)); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}
