using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Repairs choices at which OpenAI's clients fail: without index, without a role (openai-node's <c>stream()</c>), and
/// with finish reasons that OpenAI does not have (openai/openai-dotnet#342). The request log keeps the provider's
/// reason. Not thread-safe.
/// </summary>
/// <param name="member">The member of a choice with the role.</param>
internal sealed class ChoiceRepair(string member)
{
    private const string Delta = "delta";
    private const string Message = "message";

    private const int MaxChoices = 1_000; // OpenAI's n is at most 128

    private readonly HashSet<int> _opened = []; // choices whose role the client has
    private readonly HashSet<int> _calling = []; // choices with tool calls

    /// <summary>Whether a complete response would be parsed and changed.</summary>
    public static bool IsNeeded(ReadOnlyMemory<byte> json) => new ChoiceRepair(Message).NeedsRepair(json.Span);

    /// <summary>Repairs a complete response; returns it unchanged if it is valid.</summary>
    public static ReadOnlyMemory<byte> RepairWhole(ReadOnlyMemory<byte> json) =>
        IsUsualWhole(json.Span) ? json : new ChoiceRepair(Message).Repair(json);

    public static ChoiceRepair ForStream() => new(Delta);

    /// <summary>Repairs the next event of a stream.</summary>
    public SseEvent Repair(SseEvent item) => item.IsDone ? item : item with { Data = Repair(item.Data) };

    private ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        if (IsUsual(json.Span) || !NeedsRepair(json.Span))
        {
            return json;
        }

        try
        {
            var response = StrictJson.Parse(json.Span);
            foreach (var (position, choice) in response["choices"].Objects().Index())
            {
                Repair(choice, position);
            }

            return WireJson.Write(response, json.Length);
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }

    /// <summary>
    /// Whether a chunk is one of those between the first and the last. The searched bytes are not within strings, whose
    /// quotes are escaped.
    /// </summary>
    private bool IsUsual(ReadOnlySpan<byte> json)
    {
        return _opened.Contains(0)
            && FindOnly(json, "\"index\""u8).StartsWith("0"u8)
            && json.IndexOf("\"role\""u8) < 0
            && json.IndexOf("\"tool_calls\""u8) < 0
            && (
                json.IndexOf("\"finish_reason\""u8) < 0
                || FindOnly(json, "\"finish_reason\""u8).StartsWith("null"u8)
            );
    }

    /// <summary>Whether a response has one choice, and it is valid.</summary>
    private static bool IsUsualWhole(ReadOnlySpan<byte> json) =>
        FindOnly(json, "\"index\""u8).StartsWith("0"u8)
        && FindOnly(json, "\"role\""u8).StartsWith("\"assistant\""u8)
        && FindOnly(json, "\"finish_reason\""u8) is var reason
        && (reason.StartsWith("\"stop\""u8) || reason.StartsWith("\"tool_calls\""u8));

    /// <summary>What follows a name that occurs once; empty otherwise.</summary>
    private static ReadOnlySpan<byte> FindOnly(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var start = json.IndexOf(name);
        return start >= 0 && json.LastIndexOf(name) == start ? json[(start + name.Length)..].TrimStart(" :"u8) : [];
    }

    /// <summary>Scans the choices without parsing them, and keeps which have a role and tool calls.</summary>
    private bool NeedsRepair(ReadOnlySpan<byte> json)
    {
        try
        {
            var needs = false;
            var response = new Utf8JsonScanner(json.Trim(" \t\r\n"u8));
            for (var members = response.Parts(); response.Kind == JsonValueKind.Object && members.Next();)
            {
                if (members.IsNamed("choices"u8) && members.Value.Kind == JsonValueKind.Array)
                {
                    var position = 0;
                    for (var choices = members.Value.Parts(); choices.Next();)
                    {
                        needs |= NeedsRepair(choices.Value, position++);
                    }
                }
            }

            return needs;
        }
        catch (JsonException)
        {
            return false; // reading it reports the error
        }
    }

    private bool NeedsRepair(Utf8JsonScanner choice, int position)
    {
        Utf8JsonScanner index = default,
            part = default,
            finish = default;
        if (choice.Kind != JsonValueKind.Object)
        {
            return false;
        }

        for (var members = choice.Parts(); members.Next();)
        {
            if (members.IsNamed("index"u8))
            {
                index = members.Value;
            }
            else if (members.IsNamed(member == Delta ? "delta"u8 : "message"u8))
            {
                part = members.Value;
            }
            else if (members.IsNamed("finish_reason"u8))
            {
                finish = members.Value;
            }
        }

        var needsRole = NeedsRole(part, index.Count ?? position);
        return needsRole
            || index.Count is null
            || (finish.Kind == JsonValueKind.String && !ChatFinishReasons.IsOpenAI(finish.Element().Text() ?? ""));
    }

    private bool NeedsRole(Utf8JsonScanner part, int number)
    {
        if (part.Kind != JsonValueKind.Object)
        {
            return false;
        }

        Utf8JsonScanner role = default;
        for (var members = part.Parts(); members.Next();)
        {
            if (members.IsNamed("role"u8))
            {
                role = members.Value;
            }
            else if (members.IsNamed("tool_calls"u8) && !members.Value.IsEmpty)
            {
                Keep(_calling, number);
            }
        }

        if (role.Kind == JsonValueKind.String && !role.IsEmpty)
        {
            Keep(_opened, number);
            return false;
        }

        // A whole message without a role breaks no client.
        return role.Kind == JsonValueKind.String || (member == Delta && !_opened.Contains(number));
    }

    /// <summary>Keeps the number of a choice; of those beyond the maximum, each delta gets a role.</summary>
    /// <returns>False: it was kept before.</returns>
    private static bool Keep(HashSet<int> numbers, int number) =>
        numbers.Count < MaxChoices ? numbers.Add(number) : !numbers.Contains(number);

    private void Repair(JsonObject choice, int position)
    {
        var index = choice["index"].Int32() ?? position;
        if (choice["index"].Int32() is null)
        {
            choice["index"] = index;
        }

        if (choice[member] is JsonObject part && part["role"].Text() is null)
        {
            if (Keep(_opened, index))
            {
                part["role"] = "assistant";
            }
            else
            {
                part.Remove("role"); // null or empty, after the first
            }
        }

        if (choice["finish_reason"] is not JsonValue reason || !reason.TryGetValue(out string? text))
        {
            return;
        }

        // Some send an empty one in each chunk before the last.
        choice["finish_reason"] =
            text.Length > 0 || member == Message ? ChatFinishReasons.ToOpenAI(text, _calling.Contains(index)) : null;
    }
}
