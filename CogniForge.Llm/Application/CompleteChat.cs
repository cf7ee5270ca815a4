using System.Diagnostics;
using CogniForge.Llm.Domain;
using CogniForge.ServiceDefaults.Messaging;

namespace CogniForge.Llm.Application;

/// <summary>Answers a chat request by the provider that serves its model, and records the answer before it is given.</summary>
internal sealed class CompleteChat(IEnumerable<IChatTransport> transports, Journal<CompletionRecord> journal, LlmTelemetry telemetry, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">The id of the caller's key.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <returns>The answer and its id; null when no provider serves the model.</returns>
    /// <exception cref="JournalFullException">The answer cannot be recorded, so it is not given.</exception>
    public async Task<(Guid Id, ChatAnswer Answer)?> ExecuteAsync(ChatRequest request, string caller, CancellationToken cancellationToken)
    {
        var transport = transports.FirstOrDefault(t => t.Models.Contains(request.Model));
        if (transport is null)
        {
            return null;
        }

        // The request's own span, not the one below: a consumer's span is a sibling of the provider's call, not a part of it.
        var traceParent = Activity.Current?.Id;
        var started = time.GetTimestamp();
        using var call = telemetry.StartCall(transport.Provider, request.Model);
        var answer = await transport.CompleteAsync(request, cancellationToken);
        var duration = time.GetElapsedTime(started);
        telemetry.Succeeded(call, transport.Provider, answer, duration);

        var now = time.GetUtcNow();
        var record = new CompletionRecord(
            Guid.CreateVersion7(now), now, caller, transport.Provider, answer.Model, answer.Usage.Input, answer.Usage.Output, duration.TotalMilliseconds, traceParent);
        journal.Append(record);
        return (record.Id, answer);
    }
}
