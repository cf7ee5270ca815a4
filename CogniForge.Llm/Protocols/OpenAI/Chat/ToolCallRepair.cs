using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CogniForge.Llm.Protocols.Json;

namespace CogniForge.Llm.Protocols.OpenAI.Chat;

/// <summary>
/// Repairs tool calls that servers send with arguments as an object, or without id, type or an index of their own, and
/// chunks without choices: OpenAI's clients reject them. Not thread-safe.
/// </summary>
/// <param name="member">The member of a choice with the calls.</param>
internal sealed class ToolCallRepair(string member)
{
    private const string Delta = "delta";

    private readonly HashSet<(int Choice, int Call)> _opened = [];
    private readonly Dictionary<int, ToolCallNumbers> _numbers = []; // by choice
    private string? _seed;

    /// <summary>Repairs a complete response; returns it unchanged if it is valid.</summary>
    public static ReadOnlyMemory<byte> RepairWhole(ReadOnlyMemory<byte> json) =>
        new ToolCallRepair("message").Repair(json);

    /// <summary>Repairs the events of a stream.</summary>
    public static async IAsyncEnumerable<SseEvent> RepairAsync(IAsyncEnumerable<SseEvent> events)
    {
        var repair = new ToolCallRepair(Delta);
        await foreach (var item in events)
        {
            yield return item with
            {
                Data = repair.Repair(NullChoices.Replace(item.Data)),
            };
        }
    }

    private ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\"tool_calls\""u8) < 0)
        {
            return json;
        }

        try
        {
            var response = StrictJson.Parse(json.Span);
            _seed ??= response["id"].Text() is { Length: > 0 } id ? id : Guid.CreateVersion7().ToString("n");
            var isChanged = false;
            foreach (var choice in response["choices"].Objects())
            {
                var calls = (choice[member] as JsonObject)?["tool_calls"].Objects() ?? [];
                foreach (var (position, call) in calls.Index())
                {
                    isChanged |= RepairArguments(call);
                    isChanged |=
                        member == Delta
                            ? CompleteFragment(call, choice["index"].Int32() ?? 0)
                            : Complete(call, position);
                }
            }

            return isChanged ? WireJson.Write(response, json.Length) : json;
        }
        catch (JsonException)
        {
            return json; // reading it reports the error
        }
    }

    private static bool RepairArguments(JsonObject call)
    {
        if (call["function"] is not JsonObject function || function["arguments"] is not JsonObject arguments)
        {
            return false;
        }

        function["arguments"] = arguments.ToJsonString(WireJson.Options);
        return true;
    }

    /// <summary>Sets the index of a fragment, and completes the first one: only that has the name, or an id.</summary>
    private bool CompleteFragment(JsonObject call, int choice)
    {
        if (!_numbers.TryGetValue(choice, out var numbers))
        {
            _numbers[choice] = numbers = new();
        }

        var number = numbers.Get(call);
        var isMoved = call["index"].Int32() != number;
        if (isMoved)
        {
            call["index"] = number;
        }

        var isOpening = Has(call, "id") || Has(call["function"] as JsonObject, "name");
        return (isOpening && _opened.Add((choice, number)) && Complete(call, number)) || isMoved;
    }

    private bool Complete(JsonObject call, int number)
    {
        var (hasId, hasType) = (Has(call, "id"), Has(call, "type"));
        if (!hasId)
        {
            call["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{_seed}_{number}");
        }

        if (!hasType)
        {
            call["type"] = "function";
        }

        return !hasId || !hasType;
    }

    private static bool Has(JsonObject? parent, string name) => parent?[name].Text() is { Length: > 0 };
}
