-- Made by `manage.py mail_config`: what is changed here is lost.
-- Whom a member's message reaches depends on who the member is: the console says it, and
-- Postfix, which does no more than these words for such mail, is told by the milter.
local rspamd_http = require "rspamd_http"
local rspamd_logger = require "rspamd_logger"
local ucl = require "ucl"

local URL = "http://{{ plane.hosts.policy }}:{{ plane.ports.sign_in }}/internal/recipients"
local HEADERS = { ["X-Vault-Token"] = "{{ plane.rspamd_key }}" }
-- A list of a hundred thousand members.
local MAX_BYTES = 16 * 1024 * 1024

local function put_off(task, why)
  rspamd_logger.errx(task, "recipients are not known: %s", why)
  task:set_pre_result("soft reject", "Temporary failure, try again later", "recipients")
end

local function replace_recipients(task, body)
  local parser = ucl.parser()
  local is_read, why = parser:parse_string(body)
  if not is_read then
    return put_off(task, why)
  end
  local answer = parser:get_object()
  if answer.remove[1] or answer.add[1] then
    task:set_milter_reply({ del_rcpt = answer.remove, add_rcpt = answer.add })
  end
end

local function ask_console(task)
  local user = task:get_user()
  if not user then
    return
  end
  local recipients = {}
  for _, recipient in ipairs(task:get_recipients("smtp") or {}) do
    table.insert(recipients, recipient.addr)
  end
  local asked = {
    queue_id = task:get_queue_id(),
    login = user,
    sender = ((task:get_from("smtp") or {})[1] or {}).addr or "",
    recipients = recipients,
  }
  local is_asked = rspamd_http.request({
    task = task,
    url = URL,
    headers = HEADERS,
    mime_type = "application/json",
    body = ucl.to_format(asked, "json-compact"),
    timeout = 10.0,
    max_size = MAX_BYTES,
    callback = function(err, code, body)
      if err or code ~= 200 then
        put_off(task, err or code)
      else
        replace_recipients(task, body)
      end
    end,
  })
  if not is_asked then
    put_off(task, "the console could not be asked")
  end
end

rspamd_config:register_symbol({
  name = "CONSOLE_RECIPIENTS",
  type = "postfilter",
  flags = "ignore_passthrough,nostat",
  callback = ask_console,
})
