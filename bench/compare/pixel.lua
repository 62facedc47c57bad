-- Pixel requests of 10,000 users for wrk, rendered before the clock starts. DEPTH in the environment: requests in one write.
local USERS, ELEMENTS, WRITES = 10000, 50, 10000
local depth = tonumber(os.getenv("DEPTH") or "1")
local writes = {}
local at = 0

function init()
  math.randomseed(7)
  local requests = {}
  for user = 1, USERS do
    local path = string.format("/pixel.gif?u=%d&a=view&e=hero-%d", 100000 + user, user % ELEMENTS)
    requests[user] = wrk.format("GET", path)
  end
  for i = 1, WRITES do
    local parts = {}
    for k = 1, depth do
      parts[k] = requests[math.random(USERS)]
    end
    writes[i] = table.concat(parts)
  end
end

function request()
  at = at % WRITES + 1
  return writes[at]
end
