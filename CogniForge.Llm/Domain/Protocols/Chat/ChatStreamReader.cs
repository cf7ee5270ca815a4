using System.Text.Json;
using CogniForge.Llm.Domain.Protocols.OpenAi;

namespace CogniForge.Llm.Domain.Protocols.Chat;

/// <summary>Follows the chunks of a chat completion.</summary>
internal sealed class ChatStreamReader : StreamReader
{
    private readonly HashSet<int> _open = [];
    private readonly HashSet<int> _finished = [];

    public override EventKind Read(SseEvent item)
    {
        if (item.IsDone)
        {
            IsComplete = true;
            return EventKind.End;
        }

        using var document = JsonDocument.Parse(item.Data);
        var chunk = document.RootElement;
        if (chunk.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("A chunk must be a JSON object.");
        }

        Name(chunk);
        var usage = ChatUsage.Read(chunk.Member("usage"));
        if (usage is not null)
        {
            Facts = Facts with { Usage = usage, Cost = ChatUsage.Cost(chunk.Member("usage")) };
        }

        if (OpenAiError.Find(chunk) is { } failure)
        {
            Facts = Facts with { Failure = failure };
            return EventKind.Error;
        }

        var wasComplete = IsComplete;
        var news = Choices(chunk.Member("choices"));
        return news switch
        {
            News.Failed => EventKind.Error,
            News.Content => EventKind.Content,
            // What opens the answer must reach the client even where the provider counts tokens from the first chunk on.
            News.Role when !wasComplete => EventKind.Preamble,
            _ => usage is not null ? EventKind.Usage : EventKind.Preamble,
        };
    }

    private News Choices(JsonElement choices)
    {
        if (choices.IsPresent() && choices.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("choices must be an array.");
        }

        var news = News.None;
        foreach (var choice in choices.Items())
        {
            if (choice.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("A choice must be an object.");
            }

            var found = Choice(choice);
            news = found > news ? found : news;
        }

        IsComplete = _finished.Count > 0 && _open.Count == 0;
        return news;
    }

    private News Choice(JsonElement choice)
    {
        var index = choice.Count("index") ?? 0;
        var reason = choice.Text("finish_reason");
        if (OpenAiError.Find(choice) is var failure && (failure is not null || reason == "error"))
        {
            Facts = Facts with { FinishReason = reason, Failure = failure ?? ChatDialect.EndedInError };
            return News.Failed;
        }

        var news = Delta(choice.Member("delta"));
        if (reason is not null)
        {
            _finished.Add(index);
            _open.Remove(index);
            Facts = index == 0 || Facts.FinishReason is null ? Facts with { FinishReason = reason } : Facts;
            return News.Content;
        }

        if (!_finished.Contains(index))
        {
            _open.Add(index);
        }

        return news;
    }

    private News Delta(JsonElement delta)
    {
        if (delta.ValueKind != JsonValueKind.Object)
        {
            return delta.IsPresent() ? throw new JsonException("delta must be an object.") : News.None;
        }

        var news = News.None;
        foreach (var member in delta.EnumerateObject())
        {
            if (member.NameEquals("role"))
            {
                news = news == News.None ? News.Role : news;
            }
            else if (!IsEmpty(member.Value))
            {
                news = News.Content;
            }
        }

        if (news == News.Content)
        {
            Count(delta);
        }

        return news;
    }

    private void Count(JsonElement delta)
    {
        OutputCharacters += delta.Member("content").Characters() + delta.Member("refusal").Characters();
        OutputCharacters += Math.Max(delta.Member("reasoning_content").Characters(), delta.Member("reasoning").Characters()); // some send the same in both
        foreach (var call in delta.Member("tool_calls").Items())
        {
            OutputCharacters += call.Member("function").Member("arguments").Characters();
        }
    }

    private void Name(JsonElement chunk)
    {
        if (Facts.Id is null && chunk.Text("id") is { } id)
        {
            Facts = Facts with { Id = id };
        }

        if (Facts.Model is null && chunk.Text("model") is { } model)
        {
            Facts = Facts with { Model = model };
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    /// <summary>What a chunk's choices bring, the most important last.</summary>
    private enum News
    {
        None,
        Role,
        Content,
        Failed,
    }
}
