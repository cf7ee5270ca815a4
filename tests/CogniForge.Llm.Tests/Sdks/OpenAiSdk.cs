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

    public async Task<ChatResponse> SendAsync(
        string model,
        ChatRequest request,
        bool stream,
        Action<string>? onText,
        CancellationToken cancellationToken
    )
    {
        var client = new ChatClient(model, Credential, Options);
        var (messages, options) = (Messages(request).ToList(), CreateOptions(request));
        if (!stream)
        {
            ChatCompletion whole = await client.CompleteChatAsync(messages, options, cancellationToken);
            return new(string.Concat(whole.Content.Select(c => c.Text)) + whole.Refusal, Reason(whole.FinishReason))
            {
                Calls =
                [
                    .. whole.ToolCalls.Select(c => new ToolCall(c.Id, c.FunctionName, c.FunctionArguments.ToString())),
                ],
                Tokens = CreateTokens(whole.Usage),
                Model = whole.Model,
            };
        }

        var text = new StringBuilder();
        var calls = new SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>();
        ChatFinishReason? reason = null;
        ChatTokenUsage? usage = null;
        string? responseModel = null;
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
                onText?.Invoke(piece);
            }

            foreach (var call in update.ToolCallUpdates)
            {
                if (!calls.TryGetValue(call.Index, out var known))
                {
                    known = calls[call.Index] = (call.ToolCallId, call.FunctionName, new());
                }

                known.Arguments.Append(call.FunctionArgumentsUpdate);
            }

            (responseModel, reason, usage) = (
                update.Model ?? responseModel,
                update.FinishReason ?? reason,
                update.Usage ?? usage
            );
        }

        return new(
            text.ToString(),
            Reason(reason ?? throw new InvalidOperationException("The stream ended without a finish reason."))
        )
        {
            Calls = [.. calls.Values.Select(c => new ToolCall(c.Id, c.Name, c.Arguments.ToString()))],
            Tokens = CreateTokens(usage!),
            Model = responseModel!,
        };
    }

    public SdkError ReadError(Exception exception)
    {
        var error = Assert.IsType<ClientResultException>(exception);
        return new(error.Status, error.Message);
    }

    private static IEnumerable<ChatMessage> Messages(ChatRequest request)
    {
        if (request.System is not null)
        {
            yield return new SystemChatMessage(request.System);
        }

        foreach (var turn in request.Turns)
        {
            foreach (var result in turn.Results)
            {
                yield return new ToolChatMessage(result.Id, result.Text);
            }

            if (turn.Role == "assistant")
            {
                var message =
                    turn.Calls.Count > 0
                        ? new AssistantChatMessage(
                            turn.Calls.Select(c =>
                                ChatToolCall.CreateFunctionToolCall(c.Id, c.Name, BinaryData.FromString(c.Arguments))
                            )
                        )
                        : new(turn.Text);
                if (turn is { Text: not null, Calls.Count: > 0 })
                {
                    message.Content.Add(ChatMessageContentPart.CreateTextPart(turn.Text));
                }

                yield return message;
            }
            else if (turn.Image is { } image)
            {
                yield return new UserChatMessage(
                    ChatMessageContentPart.CreateTextPart(turn.Text),
                    ChatMessageContentPart.CreateImagePart(
                        BinaryData.FromBytes(Convert.FromBase64String(image.Base64)),
                        image.MediaType
                    )
                );
            }
            else if (turn.Text is not null)
            {
                yield return new UserChatMessage(turn.Text);
            }
        }
    }

    private static ChatCompletionOptions CreateOptions(ChatRequest request)
    {
        var options = new ChatCompletionOptions
        {
            MaxOutputTokenCount = request.MaxTokens,
            Temperature = (float?)request.Temperature,
            EndUserId = request.User,
        };
        foreach (var stop in request.Stop)
        {
            options.StopSequences.Add(stop);
        }

        foreach (var tool in request.Tools)
        {
            options.Tools.Add(
                ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.Schema))
            );
        }

        options.ToolChoice = request.Choice switch
        {
            null => null,
            "auto" => ChatToolChoice.CreateAutoChoice(),
            "any" => ChatToolChoice.CreateRequiredChoice(),
            "none" => ChatToolChoice.CreateNoneChoice(),
            var name => ChatToolChoice.CreateFunctionChoice(name),
        };
        options.AllowParallelToolCalls = request.OneCallAtATime ? false : null;
        options.ResponseFormat = request.Schema is { } schema
            ? ChatResponseFormat.CreateJsonSchemaFormat(
                "answer",
                BinaryData.FromString(schema),
                jsonSchemaIsStrict: true
            )
            : null;
        return options;
    }

    private static FinishReason Reason(ChatFinishReason reason) =>
        reason switch
        {
            ChatFinishReason.Length => FinishReason.Length,
            ChatFinishReason.ToolCalls => FinishReason.Calls,
            ChatFinishReason.ContentFilter => FinishReason.Refused,
            _ => FinishReason.Stop,
        };

    // The SDK does not expose the cache write tokens; its users read them from the JSON.
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
