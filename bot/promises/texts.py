"""What the promises' clock says to customers. Nothing here names a debt, a product or a sum: it may show on a lock screen.

The figures are one tap away, and shown to the verified customer only.
"""

from __future__ import annotations

REMINDER = (
    "您好，您和我们约好的日子是 {day}。点下面可以看约定的内容，也可以改日子。已经办好的话，不用理会这条。"
)
BROKEN = "您好，您约的日子过了，我们这边还没看到结果；也可能只是在路上。有变化没关系，告诉我一声，可以换个日子，也可以请工作人员和您一起想办法。"
BROKEN_AGAIN = (
    "您好，前面约的日子又有了变化，没关系。我请工作人员和您一起看怎么安排更合适，您方便时再说就好。"
)
PARTLY = "您好，您约的事已经办好了一部分，谢谢您。剩下的什么时候方便，告诉我一声就好。"
TAKEN = "这件事已经记过一个日子，以先记下的为准。想改的话，请告诉我新的日子。"

SHOW = "看我的约定"
ANOTHER_DAY = "换个日子"
PERSON = "转人工"

#: on the hand-over card
FACT_BROKEN, FACT_LAST = "未兑现的约定", "最近一次约定"
