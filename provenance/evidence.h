#pragma once

#include "core/evidence.h"
