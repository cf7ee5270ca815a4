using System.Text.Json;

namespace CogniForge.Tests.Fuzzing;

/// <summary>Where a value of a JSON document lies.</summary>
/// <param name="Member">The value with its name; of an element of an array, the value alone.</param>
/// <param name="Value">The value.</param>
internal readonly record struct JsonRange(Range Member, Range Value)
{
    /// <summary>All values of a document; none if it is not valid.</summary>
    public static List<JsonRange> FindAll(byte[] json)
    {
        var found = new List<JsonRange>();
        var open = new Stack<(int Member, int Value)>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            int? name = null;
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        continue;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((name ?? start, start));
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        var (member, value) = open.Pop();
                        found.Add(new(member..(int)reader.BytesConsumed, value..(int)reader.BytesConsumed));
                        break;
                    default:
                        found.Add(new((name ?? start)..(int)reader.BytesConsumed, start..(int)reader.BytesConsumed));
                        break;
                }

                name = null;
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return found;
    }
}
