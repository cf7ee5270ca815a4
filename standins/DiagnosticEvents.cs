using System.Diagnostics;
using System.Reflection;

namespace OpenTelemetry.Instrumentation;

/// <summary>Hands the named events of one <see cref="DiagnosticListener"/> to a method until disposed.</summary>
internal sealed class DiagnosticEvents : IDisposable
{
    private readonly string _listenerName;
    private readonly HashSet<string> _events;
    private readonly Action<string, object?> _onEvent;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _lock = new();

    public DiagnosticEvents(string listenerName, HashSet<string> events, Action<string, object?> onEvent)
    {
        (_listenerName, _events, _onEvent) = (listenerName, events, onEvent);
        Add(DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(Subscribe)));
    }

    /// <summary>The payloads of these events are types that their publishers keep to themselves.</summary>
    public static T? Property<T>(object? payload, string name) where T : class =>
        payload?.GetType().GetProperty(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase)?.GetValue(payload) as T;

    /// <summary>Instrumentation that fails must not fail what it observes.</summary>
    public static void Guard(Action enrich)
    {
        try
        {
            enrich();
        }
        catch (Exception e)
        {
            System.Diagnostics.Trace.TraceError(e.ToString());
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _subscriptions.ForEach(s => s.Dispose());
            _subscriptions.Clear();
        }
    }

    private void Subscribe(DiagnosticListener listener)
    {
        if (listener.Name == _listenerName)
            Add(listener.Subscribe(new Observer<KeyValuePair<string, object?>>(e => _onEvent(e.Key, e.Value)), (name, _, _) => _events.Contains(name)));
    }

    private void Add(IDisposable subscription)
    {
        lock (_lock)
            _subscriptions.Add(subscription);
    }

    private sealed class Observer<T>(Action<T> onNext) : IObserver<T>
    {
        public void OnNext(T value) => onNext(value);

        public void OnCompleted() { }

        public void OnError(Exception error) { }
    }
}
