using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>
/// W3C trace context between the system's own services: signs it with the service key, and ignores what is not signed.
/// A client could otherwise join the traces of others, or keep its requests out of traces.
/// </summary>
internal sealed class ServiceTracePropagator(SharedKeys keys) : DistributedContextPropagator
{
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
    private const string Signature = "x-cogniforge-trace-signature";

    private readonly DistributedContextPropagator _w3c = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields { get; } = [TraceParent, TraceState, "baggage", Signature];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        _w3c.Inject(activity, carrier, setter);
        if (activity?.Id is { } traceParent && keys.Service is { } key)
        {
            setter?.Invoke(carrier, Signature, Base64Url.EncodeToString(Sign(key, traceParent)));
        }
    }

    public override void ExtractTraceIdAndState(
        object? carrier,
        PropagatorGetterCallback? getter,
        out string? traceId,
        out string? traceState
    )
    {
        (traceId, traceState) = (null, null);
        if (IsSigned(carrier, getter))
        {
            _w3c.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        }
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier,
        PropagatorGetterCallback? getter
    ) => IsSigned(carrier, getter) ? _w3c.ExtractBaggage(carrier, getter) : null;

    private bool IsSigned(object? carrier, PropagatorGetterCallback? getter)
    {
        if (Get(Signature) is not { } signature || Get(TraceParent) is not { } traceParent)
        {
            return false;
        }

        Span<byte> signed = stackalloc byte[SHA256.HashSizeInBytes];
        if (
            Base64Url.DecodeFromChars(signature, signed, out _, out var length) != OperationStatus.Done
            || length != signed.Length
        )
        {
            return false;
        }

        foreach (var key in keys.ServiceKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(signed, Sign(key, traceParent)))
            {
                return true;
            }
        }

        return false;

        string? Get(string name)
        {
            if (getter is null)
            {
                return null;
            }

            getter(carrier, name, out var value, out _);
            return value;
        }
    }

    private static byte[] Sign(string key, string traceParent) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(traceParent));
}
