using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using OpenAI;
using OpenAI.Chat;

namespace CogniForge.Llm.Tests.Sdks;

internal sealed class OpenAiSdk(Uri gateway, string key) : ISdk
{
    public ApiKeyCredential Credential { get; } = new(key);

    public OpenAIClientOptions Options =>
        new() { Endpoint = new(gateway, "/v1"), RetryPolicy = new ClientRetryPolicy(0) };

    public async Task<Answer> AskAsync(
        string model,
        Question question,
        bool stream,
        Action<string>? heard,
        CancellationToken cancellationToken
    )
    {
        var client = new ChatClient(model, Credential, Options);
        var (messages, options) = (Messages(question).ToList(), CreateOptions(question));
        if (!stream)
        {
            ChatCompletion whole = await client.CompleteChatAsync(messages, options, cancellationToken);
            return new(string.Concat(whole.Content.Select(c => c.Text)) + whole.Refusal, Reason(whole.FinishReason))
            {
                Calls =
                [
                    .. whole.ToolCalls.Select(c => new Call(c.Id, c.FunctionName, c.FunctionArguments.ToString())),
                ],
                Tokens = CreateTokens(whole.Usage),
                Model = whole.Model,
            };
        }

        var text = new StringBuilder();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        ChatFinishReason? reason = null;
        ChatTokenUsage? usage = null;
        string? answered = null;
        await foreach (var update in client.CompleteChatStreamingAsync(messages, options, cancellationToken))
        {
            foreach (
                var piece in update
                    .ContentUpdate.Select(c => c.Text)
                    .Append(update.RefusalUpdate)
                    .Where(t => !string.IsNullOrEmpty(t))
            )
            {
                text.Append(piece);
                heard?.Invoke(piece);
            }

            foreach (var call in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(call.Index, out var known))
                {
                    known = calls[call.Index] = (call.ToolCallId, call.FunctionName, new());
                }

                known.Arguments.Append(call.FunctionArgumentsUpdate);
            }

            (answered, reason, usage) = (
                update.Model ?? answered,
                update.FinishReason ?? reason,
                update.Usage ?? usage
            );
        }

        return new(
            text.ToString(),
            Reason(reason ?? throw new InvalidOperationException("The stream ended without a reason."))
        )
        {
            Calls = [.. calls.Values.Select(c => new Call(c.Id, c.Name, c.Arguments.ToString()))],
            Tokens = CreateTokens(usage!),
            Model = answered!,
        };
    }

    public SdkError ErrorOf(Exception exception)
    {
        var refused = Assert.IsType<ClientResultException>(exception);
        return new(refused.Status, refused.Message);
    }

    private static IEnumerable<ChatMessage> Messages(Question question)
    {
        if (question.System is not null)
        {
            yield return new SystemChatMessage(question.System);
        }

        foreach (var turn in question.Turns)
        {
            foreach (var result in turn.Results)
            {
                yield return new ToolChatMessage(result.Id, result.Text);
            }

            if (turn.Role == "assistant")
            {
                var said =
                    turn.Calls.Count > 0
                        ? new AssistantChatMessage(
                            turn.Calls.Select(c =>
                                ChatToolCall.CreateFunctionToolCall(c.Id, c.Name, BinaryData.FromString(c.Arguments))
                            )
                        )
                        : new(turn.Text);
                if (turn is { Text: not null, Calls.Count: > 0 })
                {
                    said.Content.Add(ChatMessageContentPart.CreateTextPart(turn.Text));
                }

                yield return said;
            }
            else if (turn.Picture is { } picture)
            {
                yield return new UserChatMessage(
                    ChatMessageContentPart.CreateTextPart(turn.Text),
                    ChatMessageContentPart.CreateImagePart(
                        BinaryData.FromBytes(Convert.FromBase64String(picture.Base64)),
                        picture.MediaType
                    )
                );
            }
            else if (turn.Text is not null)
            {
                yield return new UserChatMessage(turn.Text);
            }
        }
    }

    private static ChatCompletionOptions CreateOptions(Question question)
    {
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = question.MaxTokens,
            Temperature = (float?)question.Temperature,
            EndUserId = question.User,
        };
        foreach (var stop in question.Stop)
        {
            options.StopSequences.Add(stop);
        }

        foreach (var tool in question.Tools)
        {
            options.Tools.Add(
                ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.Schema))
            );
        }

        options.ToolChoice = question.Choice switch
        {
            null => null,
            "auto" => ChatToolChoice.CreateAutoChoice(),
            "any" => ChatToolChoice.CreateRequiredChoice(),
            "none" => ChatToolChoice.CreateNoneChoice(),
            var name => ChatToolChoice.CreateFunctionChoice(name),
        };
        options.AllowParallelToolCalls = question.OneCallAtATime ? false : null;
        options.ResponseFormat = question.Schema is { } schema
            ? ChatResponseFormat.CreateJsonSchemaFormat(
                "answer",
                BinaryData.FromString(schema),
                jsonSchemaIsStrict: true
            )
            : null;
        return options;
    }

    private static Finish Reason(ChatFinishReason reason) =>
        reason switch
        {
            ChatFinishReason.Length => Finish.Length,
            ChatFinishReason.ToolCalls => Finish.Calls,
            ChatFinishReason.ContentFilter => Finish.Refused,
            _ => Finish.Stop,
        };

    // The SDK does not read what was written to the prompt cache, its users do from the JSON.
    private static Tokens CreateTokens(ChatTokenUsage usage)
    {
        var details = System.Text.Json.JsonDocument.Parse(ModelReaderWriter.Write(usage)).RootElement;
        var written =
            details.TryGetProperty("prompt_tokens_details", out var input)
            && input.TryGetProperty("cache_write_tokens", out var tokens)
                ? tokens.GetInt32()
                : 0;
        return new(
            usage.InputTokenCount,
            usage.OutputTokenCount,
            usage.InputTokenDetails?.CachedTokenCount ?? 0,
            written
        );
    }
}
