using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Gateway;

/// <summary>Holds requests to the rate of their key before their bodies are read.</summary>
internal sealed class RequestGate(AdmissionController admission, InferenceRecorderFactory recorders, TimeProvider time)
{
    /// <summary>Takes a request from the rate of its key.</summary>
    /// <param name="protocol">The client's protocol.</param>
    /// <param name="operation">The name of the operation in the request log.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="bodyBytes">The size of the body; null: unknown.</param>
    /// <param name="canBeCached">Whether a cached response may be given although the rate is used up.</param>
    /// <param name="writer">Writes the error.</param>
    /// <param name="requestAborted">Cancelled when the client disconnects.</param>
    /// <param name="hasOwnRate">Whether the operation has a rate of its own, as high as the key's.</param>
    /// <returns>Null: the rate is used up, and the client has received the error.</returns>
    public async Task<RequestPermit?> TakeAsync(
        Protocol protocol,
        string operation,
        Caller caller,
        long? bodyBytes,
        bool canBeCached,
        IResponseWriter writer,
        CancellationToken requestAborted,
        bool hasOwnRate = false
    )
    {
        var rate = hasOwnRate ? $"{caller.Id} {operation}" : caller.Id;
        var (permit, refusal) = await admission.TakeRequestAsync(caller, rate, bodyBytes, writer, time.GetUtcNow());
        refusal ??= canBeCached ? null : permit?.Refusal;
        if (refusal is null)
        {
            return permit;
        }

        await RefuseAsync(protocol, operation, caller, refusal, writer, requestAborted);
        return null;
    }

    /// <summary>Lets a request that was refused since <see cref="TakeAsync"/> cost its key something.</summary>
    public ValueTask EndAsync(Caller caller, RequestPermit permit) =>
        admission.ChargeRefusedAsync(caller, permit, time.GetUtcNow());

    /// <summary>Responds with an error to a request whose body is not read, or not readable, and records it.</summary>
    public async Task RefuseAsync(
        Protocol protocol,
        string operation,
        Caller caller,
        ErrorResponse refusal,
        IResponseWriter writer,
        CancellationToken requestAborted
    )
    {
        var unread = new InferenceRequest
        {
            Protocol = protocol,
            Body = default,
            Model = "",
        };
        var recorder = recorders.Create(unread, operation, caller, null, time.GetUtcNow());
        await writer.WriteErrorAsync(recorder.RecordError(refusal), requestAborted);
    }
}
