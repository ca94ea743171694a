package models

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	driversql "github.com/go-sql-driver/mysql"
	"gorm.io/gorm"
)

// Errors that callers tell apart.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("already exists")
	ErrStale    = errors.New("changed by somebody else")
	ErrAgain    = errors.New("the database asks to try again") // nothing was kept
	ErrUnknown  = errors.New("commit may or may not have happened")
)

// known turns the libraries' errors into this room's.
func known(err error) error {
	if e, ok := errors.AsType[unendedError](err); ok {
		err = e.error
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey), duplicate(err):
		return ErrExists
	case transient(err):
		return fmt.Errorf("%w: %w", ErrAgain, err)
	default:
		return err
	}
}

func duplicate(err error) bool {
	e, ok := errors.AsType[*driversql.MySQLError](err)
	return ok && e.Number == 1062
}

// transient reports errors after which the whole transaction is to be rolled
// back and tried again. Lock wait timeout is one of them: it undoes only its
// statement, and committing what is left would write half a command.
func transient(err error) bool {
	if e, ok := errors.AsType[*driversql.MySQLError](err); ok {
		switch e.Number {
		case 1213, 1205, 1020, // deadlock, lock wait timeout, record has changed
			1290, 1792, 1836, // read-only: the server of a failover
			1040, 1053, 1927, 1158, 1159, 1160, 1161, // too many connections, shutting down, connection killed, network
			8002, 8022, 9007: // TiDB: conflicts that ask for a retry
			return true
		}
		return false
	}
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, driversql.ErrInvalidConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return strings.Contains(err.Error(), "SQLITE_BUSY") // the driver's own error type is not exported through gorm
}

// serverConfig sets what every connection to a server needs, whatever the
// operator wrote in the DSN.
func serverConfig(dsn string) (*driversql.Config, error) {
	cfg, err := driversql.ParseDSN(withoutZone(dsn))
	if err != nil {
		return nil, errors.New("the database's DSN cannot be read; want user:password@tcp(host:3306)/name")
	}
	cfg.ParseTime = true
	cfg.Loc = time.UTC
	cfg.ClientFoundRows = true // an update that changes nothing has still found its row
	cfg.MultiStatements = false
	cfg.RejectReadOnly = true
	cfg.InterpolateParams = true // safe in utf8mb4, where no character hides a quote; nothing is prepared on the server
	cfg.Collation = "utf8mb4_bin"
	setDefault(&cfg.Timeout, 3*time.Second)
	setDefault(&cfg.ReadTimeout, 10*time.Second)
	setDefault(&cfg.WriteTimeout, 10*time.Second)
	if cfg.Params == nil {
		cfg.Params = map[string]string{}
	}
	cfg.Params["time_zone"] = "'+00:00'"
	cfg.Params["innodb_lock_wait_timeout"] = "2"
	cfg.Params["sql_mode"] = "'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"
	cfg.Logger = &driversql.NopLogger{}
	return cfg, nil
}

// withoutZone takes loc out of a DSN: times are stored in UTC whatever it says, and the machine
// may not know the zone.
func withoutZone(dsn string) string {
	address, params, found := strings.Cut(dsn, "?")
	if !found {
		return dsn
	}
	kept := slices.DeleteFunc(strings.Split(params, "&"), func(p string) bool { return strings.HasPrefix(p, "loc=") })
	return address + "?" + strings.Join(kept, "&")
}

func setDefault(d *time.Duration, def time.Duration) {
	if *d == 0 {
		*d = def
	}
}
