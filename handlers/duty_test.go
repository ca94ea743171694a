package handlers_test

import "github.com/cunkao/cunkao/calendar"

func morningDay() calendar.Date { return calendar.On(morning) }
