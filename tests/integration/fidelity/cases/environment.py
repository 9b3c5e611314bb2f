"""The execution environment: paths, variables, and what is read-only."""

import json
from dataclasses import replace
from typing import Any

from tests.integration.deployed import zipped
from tests.integration.fidelity.case import ARN, RECORDED, Case, Difference, Source, guide
from tests.integration.fidelity.lab import Lab

VARIABLES = guide("Defined runtime environment variables")
LIFECYCLE = guide("Understanding the Lambda execution environment lifecycle")
PARALLEL = Source('AWS Compute Blog, "Parallel Processing in Python with AWS Lambda"', "2017-02")
BOOTSTRAP = Source("the runtime's bootstrap, by public reports", "2025")
DEFINED = (
    *("AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV"),
    *("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME"),
    *("AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE"),
    *("AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API"),
    *("AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_XRAY_CONTEXT_MISSING"),
    *("AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "LANG"),
    *("LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PWD", "PYTHONPATH", "SHLVL", "TZ"),
    *("_AWS_XRAY_DAEMON_ADDRESS", "_AWS_XRAY_DAEMON_PORT", "_HANDLER", "_X_AMZN_TRACE_ID"),
)


def result(*code: str, **configuration: Any) -> Any:
    """Return what asks a function for the value of the last of these lines, an expression."""
    *before, last = code

    def ask(lab: Lab) -> object:
        if not configuration:
            # In the function that all cases share, which is warm.
            event = {"do": "evaluate", "lines": before, "expression": last}
            return lab.invoke("NAME", event)["Payload"]
        lines = (*before, "def handler(event, context):", f"    return {last}")
        return lab.invoke(lab.function(*lines, **configuration))["Payload"]

    return ask


def case(
    behaviour: str, aws: object, *code: str, source: Source = RECORDED, **configuration: Any
) -> Case:
    """Return the case of what an expression is inside a function."""
    return Case(behaviour, f"`{code[-1]}`", aws, result(*code, **configuration), source)


def temporary_files(lab: Lab) -> object:
    code = (
        "import os, pathlib",
        "def handler(event, context):",
        "    path = pathlib.Path('/tmp/seen')",
        "    before = path.exists()",
        "    path.write_text('x')",
        "    return before",
    )
    first, second = lab.function(*code), lab.function(*code)
    return [lab.invoke(name)["Payload"] for name in (first, first, second)]


def as_the_function(lab: Lab) -> object:
    """Call SQS with a role that may do so as one function, from that function and from another."""
    own, other = lab.name(), lab.name()
    return [_may_list_queues(lab, own, name) for name in (own, other)]


def _may_list_queues(lab: Lab, allowed: str, name: str) -> bool:
    iam, role = lab.client("iam"), lab.role()
    statement = {
        "Effect": "Allow",
        "Action": "sqs:ListQueues",
        "Resource": "*",
        "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": f"{ARN}{allowed}"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    who = {"RoleName": role.rpartition("/")[2], "PolicyName": "may"}
    iam.put_role_policy(**who, PolicyDocument=document)
    lab.afterwards(iam.delete_role_policy, **who)
    code = "import boto3\ndef handler(event, context): boto3.client('sqs').list_queues()"
    lab.create(FunctionName=name, Role=role, Code={"ZipFile": zipped("probe.py", code)})
    lab.settled(name)
    return "FunctionError" not in lab.invoke(name)


IN_NAMESPACES = (
    case("The code is in /var/task", "/var/task/probe.py", "__file__"),
    case("The working folder is /var/task", "/var/task", "import os", "os.getcwd()"),
    case(
        "LAMBDA_TASK_ROOT and LAMBDA_RUNTIME_DIR name Lambda's folders",
        ["/var/task", "/var/runtime"],
        "import os",
        "[os.environ['LAMBDA_TASK_ROOT'], os.environ['LAMBDA_RUNTIME_DIR']]",
    ),
    case(
        "PATH is Lambda's",
        "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
        "import os",
        "os.environ['PATH']",
        source=VARIABLES,
    ),
    case(
        "LD_LIBRARY_PATH is Lambda's",
        "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
        "import os",
        "os.environ['LD_LIBRARY_PATH']",
        source=VARIABLES,
    ),
    case("PYTHONPATH is /var/runtime", "/var/runtime", "import os", "os.environ['PYTHONPATH']"),
    case(
        "The task's folder comes first on the path",
        "/var/task",
        "import sys",
        "sys.path[0]",
    ),
    case(
        "The language is English",
        "en_US.UTF-8",
        "import os",
        "os.environ['LANG']",
        source=VARIABLES,
    ),
    case("The time zone is UTC", ":UTC", "import os", "os.environ['TZ']", source=VARIABLES),
    case(
        "A time zone of the function's own wins",
        "Europe/Paris",
        "import os",
        "os.environ['TZ']",
        Environment={"Variables": {"TZ": "Europe/Paris"}},
        source=VARIABLES,
    ),
    case(
        "PWD, SHLVL and LC_CTYPE are set",
        ["/var/task", "0", "C.UTF-8"],
        "import os",
        "[os.environ[name] for name in ('PWD', 'SHLVL', 'LC_CTYPE')]",
    ),
    case(
        "The X-Ray daemon's address is set",
        ["127.0.0.1", "2000", "127.0.0.1:2000", "LOG_ERROR"],
        "import os",
        "[os.environ[name] for name in ('_AWS_XRAY_DAEMON_ADDRESS', '_AWS_XRAY_DAEMON_PORT', "
        "'AWS_XRAY_DAEMON_ADDRESS', 'AWS_XRAY_CONTEXT_MISSING')]",
    ),
    case("HOME is not set", None, "import os", "os.environ.get('HOME')"),
    case(
        "The runtime names itself",
        "AWS_Lambda_python3.13",
        "import os",
        "os.environ['AWS_EXECUTION_ENV']",
        source=VARIABLES,
    ),
    Case(
        "Nothing else is in the environment",
        "`sorted(os.environ)`",
        list(DEFINED),
        result("import os", "sorted(os.environ)"),
        differs=Difference(
            sorted((*DEFINED, "AWS_ENDPOINT_URL")),
            "The SDK in the function must reach the local AWS; the SDKs read AWS_ENDPOINT_URL.",
        ),
    ),
    case(
        "The code cannot be changed",
        "[Errno 30] Read-only file system: '/var/task/new'",
        "def attempt():",
        "    try:",
        "        open('/var/task/new', 'w')",
        "    except OSError as error:",
        "        return str(error)",
        "attempt()",
    ),
    case(
        "Shared memory is missing, so there is no pool of processes",
        "OSError",
        "import multiprocessing",
        "def attempt():",
        "    try:",
        "        multiprocessing.Pool(2)",
        "    except OSError:",
        "        return 'OSError'",
        "attempt()",
        source=PARALLEL,
    ),
    case("There is no /dev/shm", False, "import os", "os.path.exists('/dev/shm')", source=PARALLEL),
    case(
        "A process and a pipe work",
        5,
        "import multiprocessing",
        "def double(pipe): pipe.send(5)",
        "def attempt():",
        "    receiver, sender = multiprocessing.get_context('fork').Pipe()",
        "    process = multiprocessing.get_context('fork').Process(target=double, args=(sender,))",
        "    process.start()",
        "    return receiver.recv()",
        "attempt()",
        source=PARALLEL,
    ),
    case(
        "/tmp can be written, and has 512 MB",
        [True, 512],
        "import os, shutil",
        "[os.access('/tmp', os.W_OK), round(shutil.disk_usage('/tmp').total / 2**20)]",
        source=guide("Configure ephemeral storage for Lambda functions"),
    ),
    Case(
        "/tmp is an environment's own, and stays while it is warm",
        "two functions that write a file",
        [False, True, False],
        temporary_files,
        LIFECYCLE,
    ),
    case(
        "The function is an ordinary user",
        ["sbx_user1051", 993, 990],
        "import os, pwd",
        "[pwd.getpwuid(os.getuid()).pw_name, os.getuid(), os.getgid()]",
        source=BOOTSTRAP,
    ),
    case(
        "boto3 can be imported",
        True,
        "import importlib.util",
        "importlib.util.find_spec('boto3') is not None",
        source=guide("Runtime-included SDK versions"),
    ),
    case(
        "What the developer has installed cannot be imported",
        [False, False],
        "import importlib.util",
        "[importlib.util.find_spec(name) is not None for name in ('moto', 'pytest')]",
        source=guide("Runtime-included SDK versions"),
    ),
)
ANYWHERE = (
    case(
        "A function opens at most 1,024 files",
        [1024, 1024],
        "import resource",
        "resource.getrlimit(resource.RLIMIT_NOFILE)",
        source=guide("Lambda quotas"),
    ),
    Case(
        "A policy can be for one function: lambda:SourceFunctionArn",
        "list_queues by a role that may do that as the function, and as another",
        [True, False],
        as_the_function,
        guide("Control function access to resources with lambda:SourceFunctionArn"),
    ),
)
CASES = (*ANYWHERE, *(replace(each, needs_namespaces=True) for each in IN_NAMESPACES))
