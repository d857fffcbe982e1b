// Package storagetest runs a storage test on both engines: on SQLite in a file
// of its own, and on a real PostgreSQL server that it starts in a temporary
// folder and that ends with the test process, however that one ends.
//
// It is for tests and benchmarks; the shipped binaries do not link it.
package storagetest
